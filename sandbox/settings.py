"""The sandbox: a small Wagtail site as a site's own developers would set it up.

DATABASE_URL and REDIS_URL choose another database and broker; SALESFORCE_LOGIN_URL,
SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET another org than the simulator's.
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
import django

BASE = Path(__file__).resolve().parent
VAR = Path(os.environ.get("SANDBOX_VAR", BASE / "var"))
VAR.mkdir(parents=True, exist_ok=True)

SITE_URL = os.environ.get("SANDBOX_URL", "http://127.0.0.1:8000")
SECRET_KEY = "only for the sandbox"
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "sandbox.urls"
WSGI_APPLICATION = None
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("ja", "日本語")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
STATIC_URL = "/static/"
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/media/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MAIL = "django.core.mail.backends.console.EmailBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": MAIL}}
else:
    EMAIL_BACKEND = MAIL

WAGTAIL_SITE_NAME = "Sandbox"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("ja", "日本語")]

DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{VAR / 'sandbox.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without IMMEDIATE, web requests and the worker meet "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }

INSTALLED_APPS = [
    "sandbox.home",
    "wagtail_salesforce_leads",
    "django_q",
    "wagtail.contrib.settings",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    INSTALLED_APPS.append("django.contrib.postgres")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "wagtail_salesforce_leads.publishing.middleware.PublishBlockedMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ]
        },
    }
]

# What the package recommends; its system checks compare a site's own with it.
Q_CLUSTER = {
    "name": "sandbox",
    "workers": 2,
    "queue_limit": 2,
    "bulk": 1,
    "timeout": 120,
    "retry": 600,
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 250,
}
if os.environ.get("REDIS_URL"):
    Q_CLUSTER["redis"] = os.environ["REDIS_URL"]
else:
    Q_CLUSTER |= {"orm": "default", "poll": 0.2}

WAGTAIL_SALESFORCE_LEADS = {
    "LOGIN_URL": os.environ.get("SALESFORCE_LOGIN_URL", "https://login.salesforce.com"),
    "CLIENT_ID": os.environ.get("SALESFORCE_CLIENT_ID", ""),
    "CLIENT_SECRET": os.environ.get("SALESFORCE_CLIENT_SECRET", ""),
    # The simulator's origins, given by the demo; empty with a real org.
    "EXTRA_HOSTS": tuple(filter(None, os.environ.get("SALESFORCE_EXTRA_HOSTS", "").split(","))),
}
