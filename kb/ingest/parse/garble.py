"""Text layers whose characters mean nothing: fonts without a usable map from their glyphs to characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from kb.text.language import HAN, KANA
from kb.text.normalise import one_line

_LEAST_LETTERS = 40
"""Fewer letters say too little; such a page is judged with the document."""
_LEAST_IN_WORDS = 150
_ODD_SHARE = 0.08
_UNLIKELY_WORD_SHARE = 0.75
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_LEAST_KANJI = 100
_COMMON_SHARE = 0.08
_WITHOUT_VOWELS = str.maketrans("", "", "aeiouyAEIOUY")
_LAYOUT_CHARACTERS = frozenset("\n\r\t\x0c\x02\ufffe\xad\u200b\u200c\u200d\u200e\u200f\ufeff")
"""Controls that PDFium and typesetting put between words."""
_REPLACEMENT = "\ufffd"
_NOT_SHOWN = re.compile(r"[\x00-\x20\ufffe\xad\u200b-\u200f\ufeff]+")
_EXAMPLE_CHARACTERS = 60


def is_garbled(raw: str) -> bool:
    """Whether text as it came from a file, before it is normalised, reads like noise and not like any language."""
    counts = Counter(raw)
    letters = sum(count for character, count in counts.items() if character.isalpha())
    odd = sum(count for character, count in counts.items() if _is_odd(character))
    if letters + odd < _LEAST_LETTERS:
        return False
    if odd > _ODD_SHARE * (len(raw) - counts[" "]):
        return True
    japanese = sum(count for character, count in counts.items() if KANA.match(character) or HAN.match(character))
    latin = sum(count for character, count in counts.items() if character.isascii() and character.isalpha())
    if japanese >= 0.2 * letters:
        return _is_unlikely_japanese(counts, japanese)
    return latin >= 0.5 * letters and _is_unlikely_latin(raw)


def example_of(raw: str) -> str:
    """The first few characters of garbled text on one line; those that no text has are shown as "�"."""
    words = "".join(_REPLACEMENT if _is_odd(each) else each for each in raw[: 4 * _EXAMPLE_CHARACTERS])
    return one_line(_NOT_SHOWN.sub(" ", words))[:_EXAMPLE_CHARACTERS].strip()


def _is_odd(character: str) -> bool:
    """Whether no text has the character: a control, of private use, unassigned, or the replacement character."""
    if character in _LAYOUT_CHARACTERS:
        return False
    return character == _REPLACEMENT or unicodedata.category(character) in ("Cc", "Co", "Cn", "Cs")


def _is_unlikely_latin(raw: str) -> bool:
    """Letters without vowels, in words nobody writes. Every language in Latin letters has 25 to 50 % vowels."""
    words = [word for word in _LATIN_WORD.findall(raw) if len(word) > 2]
    letters = sum(map(len, words))
    if letters < _LEAST_IN_WORDS:
        return False
    vowels = [len(word) - len(word.translate(_WITHOUT_VOWELS)) for word in words]
    strange = sum(
        len(word) > 25 or not count or (len(word) > 5 and count < 0.15 * len(word))
        for word, count in zip(words, vowels, strict=True)
    )
    return not 0.22 * letters <= sum(vowels) <= 0.7 * letters or strange > _UNLIKELY_WORD_SHARE * len(words)


def _is_unlikely_japanese(counts: Counter[str], japanese: int) -> bool:
    """Many kanji without kana and without the kanji that everything is written with: what a wrong encoding gives."""
    kanji = sum(count for character, count in counts.items() if HAN.match(character))
    kana = sum(count for character, count in counts.items() if KANA.match(character))
    if kanji < _LEAST_KANJI or kana > 0.05 * japanese:
        return False
    return sum(counts[character] for character in _COMMON_KANJI) < _COMMON_SHARE * kanji


_COMMON_KANJI = frozenset(
    "日一人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校"
    "土木国政府者会社事業情報利用方法的新定地方行政第実施関係必要場合対応要件管理提供技術基本機能計画等及有規則条項号市県"
    "部分全理公表示内容数目標準的不是在人我中的"
)
"""Kanji of which any Japanese (or Chinese) text, lists of names and addresses included, has plenty."""
