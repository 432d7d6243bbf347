"""The test site with its language in each page's address."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls

from tests.site.urls import urlpatterns as site_urls

urlpatterns = [*site_urls[:-1], *i18n_patterns(path("", include(wagtail_urls)))]
