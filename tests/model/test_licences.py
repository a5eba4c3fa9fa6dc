from __future__ import annotations

import pytest

from kb.model.licences import allows_quotation


@pytest.mark.parametrize(
    "licence",
    [
        *("OGL v3.0", "OGL v2.0 (page footer)", "CC BY 4.0", "CC BY 4.0 compatible", "CC0 1.0", "MIT (repository)"),
        *(
            "PDL1.0",
            "PDL 1.0",
            "公共データ利用規約(第1.0版)",
            "政府標準利用規約2.0",
            "著作権の対象外（著作権法第13条）",
        ),
        "デジタル庁コピーライトポリシー (政府標準利用規約2.0, CC BY 4.0 compatible)",
        "no copyright (Copyright Act, article 13)",
    ],
)
def test_open_licences_allow_quotation(licence):
    assert allows_quotation(licence)


@pytest.mark.parametrize(
    "licence",
    [
        *("", "not stated", "not verified", "記載なし", "未確認", "OGL v3.0 expected", "PDL 1.0（見込み）"),
        *("see repository", "All rights reserved", "© 2024 Example Ltd", "無断転載禁止", "CC-like terms, not verified"),
    ],
)
def test_what_is_not_known_to_be_open_allows_none(licence):
    assert not allows_quotation(licence)
