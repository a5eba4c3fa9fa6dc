"""Numbers written in kanji: 四 = 4, 二十二 = 22, 二〇二二 = 2022."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_UNITS = {"千": 1000, "百": 100, "十": 10}

KANJI_NUMBER = f"[{_DIGITS}{''.join(_UNITS)}]"
"""Pattern of one character of a number below ten thousand."""


def number_of(kanji: str) -> int | None:
    """The number that `kanji` writes, by units (二十二) or digit by digit (二〇二二); None where it writes none."""
    if not kanji:
        return None
    if all(character in _DIGITS for character in kanji):
        return int("".join(str(_DIGITS.index(character)) for character in kanji))
    total, digit, last_unit = 0, 0, 10_000
    for character in kanji:
        if character in _UNITS:
            unit = _UNITS[character]
            if unit >= last_unit:
                return None
            total, digit, last_unit = total + max(digit, 1) * unit, 0, unit
        elif digit or character not in _DIGITS[1:]:
            return None
        else:
            digit = _DIGITS.index(character)
    return total + digit


def kanji_of(number: int) -> str:
    """`number`, 0 to 9999, in kanji by units: 22 = 二十二; raises `ValueError` for any other."""
    if not 0 <= number < 10_000:
        raise ValueError(f"{number} is not written with these units")
    written = ""
    for name, unit in _UNITS.items():
        count, number = divmod(number, unit)
        written += (_DIGITS[count] if count > 1 else "") + name if count else ""
    return written + (_DIGITS[number] if number or not written else "")
