"""Text layers whose characters mean nothing: fonts without a usable map from their glyphs to characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from kb.text.language import HAN, KANA

_LEAST_LETTERS = 40
"""Fewer letters say too little; such a page is judged with the document."""
_LEAST_IN_WORDS = 150
_ODD_SHARE = 0.08
_UNLIKELY_WORD_SHARE = 0.75
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_VOWELS = frozenset("aeiouyAEIOUY")


def is_garbled(raw: str) -> bool:
    """Whether text as it came from a file, before it is normalised, reads like noise and not like any language."""
    letters = sum(character.isalpha() for character in raw)
    if letters + _odd(raw) < _LEAST_LETTERS:
        return False
    if _odd(raw) > _ODD_SHARE * max(len(raw) - raw.count(" "), 1):
        return True
    japanese = len(KANA.findall(raw)) + len(HAN.findall(raw))
    latin = sum(map(len, _LATIN_WORD.findall(raw)))
    if japanese >= 0.2 * letters:
        return _is_unlikely_japanese(raw, japanese)
    return latin >= 0.5 * letters and _is_unlikely_latin(raw)


def _odd(raw: str) -> int:
    """Characters that no text has: controls, private use, unassigned, the replacement character."""
    return sum(_is_odd(character) * count for character, count in Counter(raw).items())


def _is_odd(character: str) -> bool:
    if character in "\n\r\t\x0c\ufffe\x02\xad\u200b\u200c\u200d\u200e\u200f\ufeff":
        return False
    return character == "\ufffd" or unicodedata.category(character) in ("Cc", "Co", "Cn", "Cs")


def _is_unlikely_latin(raw: str) -> bool:
    """Letters without vowels, in words nobody writes. Every language in Latin letters has 25 to 50 % vowels."""
    words = [word for word in _LATIN_WORD.findall(raw) if len(word) > 2]
    letters = "".join(words)
    if len(letters) < _LEAST_IN_WORDS:
        return False
    vowels = sum(letter in _VOWELS for letter in letters) / len(letters)
    strange = sum(_is_strange(word) for word in words) / len(words)
    return not 0.22 <= vowels <= 0.7 or strange > _UNLIKELY_WORD_SHARE


def _is_strange(word: str) -> bool:
    vowels = sum(letter in _VOWELS for letter in word)
    return len(word) > 25 or vowels == 0 or (len(word) > 5 and vowels / len(word) < 0.15)


def _is_unlikely_japanese(raw: str, japanese: int) -> bool:
    """Kanji that hardly repeat, without kana: what a wrong encoding gives."""
    kanji = HAN.findall(raw)
    if len(kanji) < 100 or len(KANA.findall(raw)) > 0.05 * japanese:
        return False
    common = sum(character in _COMMON_KANJI for character in kanji) / len(kanji)
    return common < 0.08


_COMMON_KANJI = frozenset(
    "日一人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校"
    "土木国政府者会社事業情報利用方法的新定地方行政第実施関係必要場合対応要件管理提供技術基本機能計画等及有規則条項号市県"
    "部分全理公表示内容数目標準的不是在人我中的"
)
"""Kanji of which any Japanese (or Chinese) text, lists of names and addresses included, has plenty."""
