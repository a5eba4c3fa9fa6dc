"""What a licence, as a document or a catalogue names it, allows us to show."""

from __future__ import annotations

import re

_OPEN = re.compile(
    r"\bOGL\b|open government licen[cs]e|\bPDL\s*1|public data licen[cs]e|公共データ利用規約|政府標準利用規約"
    r"|\bCC[ -]?(?:0|BY)\b|creative commons (?:attribution|zero)|クリエイティブ・コモンズ(?:・ライセンス)?[ 　]*表示"
    r"|\bMIT\b|\bApache\b|\bBSD\b|public domain|パブリックドメイン|no copyright|著作権の対象外|著作権法第13条",
    re.IGNORECASE,
)
"""Licences of both governments and those their publications use; every one allows its words to be reproduced."""
_DOUBTFUL = re.compile(r"expected|見込み|\bnot\b|未確認|記載なし|all rights reserved|無断", re.IGNORECASE)
"""Remarks that say that nobody has seen the licence, or that it is none."""


def allows_quotation(licence: str) -> bool:
    """Whether words of a document may be shown after the document itself was withdrawn.

    Only where an open licence is known, not merely expected: what is withdrawn is shown with more care, not with less.
    """
    return bool(_OPEN.search(licence)) and not _DOUBTFUL.search(licence)
