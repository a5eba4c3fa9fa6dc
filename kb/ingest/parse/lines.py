"""Rules for lines of text that every format shares: spaces, joins, list items."""

from __future__ import annotations

import re

from kb.text.language import Language
from kb.text.normalise import normalise

_CJK = (
    r"\u3001-\u303f\u3041-\u309f\u30a0-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U000323af"
)
_IDEOGRAPHIC = re.compile(f"[{_CJK}]")
_SPACES = re.compile(r"[^\S\n]+")
_SPACED = re.compile(rf"(?<!\S)[{_CJK}]{{1,3}}(?: [{_CJK}]{{1,3}}){{2,}}(?!\S)")
_SPACED_TITLE = re.compile(rf"(?:\S{{1,5}} )??[{_CJK}](?: [{_CJK}]){{1,7}}")
_SINGLES_SHARE = 0.6
"""Share of one-character pieces from which spaced pieces are one letter-spaced text and not cells of a table."""
_LEADERS = re.compile(r"(?:[.․‥・･] ?){5,}|[-_ー─―=]{8,}")

_LIST_ITEM = re.compile(
    r"[•‣●■□◆◇▪▶►➢➤✓✔・※○◎⚫]"
    r"|[-–—*o]\s|−"
    r"|\(?[0-9]{1,3}[.)]\s"
    r"|\(?(?:[a-z]|[ivx]{2,4})[.)]\s"
    r"|\((?:[0-9]{1,2}|[ア-ン]|[一二三四五六七八九十]{1,2})\)"
)
_NUMBERED_HEADING = re.compile(
    r"第[0-9一二三四五六七八九十百]{1,4}[章節条項編部](?:\s|$|の[0-9一二三四五六七八九十]{1,2}(?:\s|$))"
    r"|[0-9]{1,2}(?:\.[0-9]{1,2}){1,4}\.?\s*(?=[^\W\d_]|[「『(])"
)


def tidy(line: str) -> str:
    """One line normalised, letter-spacing and rows of dots closed up, spaces single and none at the ends."""
    if line.isascii() and line.isprintable():
        text = " ".join(line.split())  # what normalising would give, sooner
    else:
        text = _SPACES.sub(" ", normalise(line).replace("\xad", "")).strip()
    if " " in text and _IDEOGRAPHIC.search(text):
        text = close_up(text)
    return _LEADERS.sub(" ... ", text).replace("  ", " ").strip() if _LEADERS.search(text) else text


def close_up(line: str) -> str:
    """`line` with letter-spaced Japanese written together: "目 次" and "あ の イ ー ハ ト" lose their spaces."""
    if _SPACED_TITLE.fullmatch(line):
        number, _, rest = line.partition(" ")
        if len(number) > 1 or not is_ideographic(number):
            return f"{number} {rest.replace(' ', '')}"
        return line.replace(" ", "")
    return _SPACED.sub(_closed, line)


def _closed(match: re.Match[str]) -> str:
    pieces = match.group().split(" ")
    singles = sum(len(piece) == 1 for piece in pieces)
    return "".join(pieces) if singles >= 3 and singles / len(pieces) >= _SINGLES_SHARE else match.group()


def glue(before: str, after: str, language: Language) -> str:
    """What stands between two lines of one paragraph: nothing in Japanese, a space elsewhere."""
    if not before or not after:
        return ""
    left, right = is_ideographic(before[-1]), is_ideographic(after[0])
    return "" if (left and right) or (language == "ja" and (left or right)) else " "


def is_ideographic(character: str) -> bool:
    """Whether `character` is kana, kanji or Japanese punctuation, which are written without spaces."""
    return _IDEOGRAPHIC.match(character) is not None


def starts_item(line: str) -> bool:
    """Whether a tidied `line` begins a list item, which stands on a line of its own."""
    return _LIST_ITEM.match(line) is not None


def starts_numbered_heading(line: str) -> bool:
    """Whether a tidied `line` begins like a numbered heading (1.2 Scope, 第3章 基本方針)."""
    return _NUMBERED_HEADING.match(line) is not None
