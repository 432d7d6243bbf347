"""A site's own code, named by dotted path in the settings. Its trouble never costs a submission."""

from __future__ import annotations

import logging
from typing import Any

from django.utils.module_loading import import_string

from wagtail_salesforce_leads.conf import settings

logger = logging.getLogger(__name__)


def ask(setting: str, *args: Any, otherwise: Any) -> Any:
    """What the callable named by ``setting`` says; ``otherwise`` without one, or if it raises.

    Only the exception's class is logged: its text may quote a visitor's answers.
    """
    path = getattr(settings, setting)
    if not path:
        return otherwise
    try:
        return import_string(path)(*args)
    except Exception as error:
        logger.error("%s raised %s", setting, type(error).__name__)
        return otherwise
