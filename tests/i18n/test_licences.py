"""What is said of a licence, in the reader's language."""

from __future__ import annotations

import pytest

from kb.i18n import licence_text


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("OGL v3.0", "OGL v3.0"),
        ("OGL v3.0 expected", "OGL v3.0（見込み）"),
        ("CC BY 4.0 compatible", "CC BY 4.0互換"),
        ("not stated", "記載なし"),
        ("no copyright (Copyright Act, article 13)", "著作権の対象外（著作権法第13条）"),
        ("", ""),
    ],
)
def test_remarks_on_a_licence_are_in_the_language_of_the_reader(english, japanese):
    for licence in (english, japanese):
        assert licence_text("en", licence) == english
        assert licence_text("ja", licence) == japanese


def test_what_is_not_known_stays_as_it_is():
    assert licence_text("ja", "Crown copyright") == "Crown copyright"
    assert licence_text("ja", " expected") == " expected"
