"""The order of the fifty sounds, as far as it can be told without a dictionary of readings."""

from __future__ import annotations

import re
import unicodedata

_ROWS = "あかさたなはまやらわ"
_KANJI_ROWS = tuple(zip(_ROWS, "亜下些他奈巴摩也羅倭", strict=True))
"""The kanji of JIS X 0208 level 1 with which each row begins: there they stand in the order of their usual reading."""
_LAST_KANJI = 0xCFFE
"""Last place of level 1; level 2 is ordered by radical and tells no reading."""
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_VOICED = re.compile("[\u3099\u309a]")
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_KANA = re.compile(r"[\u3041-\u3096]")


def gojuon_key(text: str) -> tuple[int, str]:
    """Key that sorts Japanese words by row, kana before kanji, kanji by the usual reading of the first: 本 under は.

    Words of other scripts and rare kanji come before all of them. A reading other than the usual one is not known here.
    """
    row = gojuon_row(text)
    return _ROWS.index(row) + 1 if row else 0, " ".join(f"{_place(c):04x}" for c in _plain(text))


def gojuon_row(text: str) -> str:
    """The hiragana with which the row of the first character begins (`か` for がく and 行); empty for what has none."""
    first = _plain(text)[:1]
    if _KANA.fullmatch(first):
        return next(row for row in reversed(_ROWS) if row <= first)
    if not _place("亜") <= _place(first) <= _LAST_KANJI:
        return ""
    return next(row for row, kanji in reversed(_KANJI_ROWS) if _place(kanji) <= _place(first))


def _plain(text: str) -> str:
    """`text` as sorted: katakana as hiragana, without marks of voice, small kana as large ones."""
    kana = unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA)
    return _VOICED.sub("", unicodedata.normalize("NFD", kana)).translate(_SMALL)


def _place(character: str) -> int:
    """Place of a character in JIS X 0208; what is not in it comes after all that is."""
    try:
        encoded = character.encode("euc_jp")
    except UnicodeEncodeError:
        return 0xFFFF
    return int.from_bytes(encoded) if len(encoded) <= 2 else 0xFFFF
