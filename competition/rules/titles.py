"""A title as an organiser writes it: Chinese, and English where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Title:
    """A name in the organiser's own words, in both languages. It is data, so it is never translated."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The title for a reader of this language code ("zh", "zh_Hans_CN", "en", …)."""
        return self.zh if language.startswith("zh") else self.en

    def as_json(self) -> Mapping[str, str]:
        return {"zh": self.zh, "en": self.en}

    def __str__(self) -> str:
        return self.en
