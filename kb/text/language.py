"""English or Japanese, told by script: the only distinction that ranking and typography need."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")

KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]")
HAN = re.compile(r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
LETTER = re.compile(r"[^\W\d_]")

_JAPANESE_SHARE = 0.2
"""Share of Japanese characters among the letters from which a text is Japanese: technical Japanese is full of Latin
names, while English that quotes a Japanese title stays far below (a kanji stands for about three Latin letters)."""


def language_of(text: str, default: Language = "en") -> Language:
    """Language of `text` by the share of kana and kanji among its letters; `default` where there is no letter."""
    letters = len(LETTER.findall(text))
    if not letters:
        return default
    japanese = len(KANA.findall(text)) + len(HAN.findall(text))
    return "ja" if japanese / letters >= _JAPANESE_SHARE else "en"


def other_language(language: Language) -> Language:
    """The one of the two that `language` is not."""
    return "ja" if language == "en" else "en"
