"""What wagtail-localize may hand to translators. It asks a block by these two methods' names.

Without them it takes any text for words, account ids and field keys included.
"""

from __future__ import annotations

from typing import Any

from wagtail import blocks


class SameInEachLanguage:
    """Put before a block class whose text is no words."""

    def get_translatable_segments(self, value: Any) -> list:
        return []

    def restore_translated_segments(self, value: Any, segments: list) -> Any:
        return value


class WordsBlock(blocks.CharBlock):
    """Words for visitors. Empty, never None, in content that code wrote without them: nobody could
    translate its page, since wagtail-localize takes only text."""

    class Meta:
        default = ""
