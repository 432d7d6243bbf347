"""The test site with Wagtail's API v3, which came with 8.0."""

from __future__ import annotations

from django.urls import path
from wagtail.api.v3.urls import api

from tests.site.urls import urlpatterns as site_urls

urlpatterns = [path("api/v3/", api.urls), *site_urls]
