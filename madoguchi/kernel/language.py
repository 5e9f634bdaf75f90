"""In which language a resident reads: the store's three (ことば)."""

from enum import StrEnum, unique


@unique
class Language(StrEnum):
    """The language of a resident's page or screen (言語)."""

    JAPANESE = "ja"
    EASY_JAPANESE = "ja-easy"  # やさしい日本語
    ENGLISH = "en"

    @property
    def tag(self) -> str:
        """Return what a browser and a voice call it: やさしい日本語 is Japanese (言語の札)."""
        return "en" if self is Language.ENGLISH else "ja"
