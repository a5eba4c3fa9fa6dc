"""What is entered is read leniently; what cannot be taken is said by field."""

from __future__ import annotations

import pytest

from kb.i18n import has_text
from kb.library.details import read_details, read_name

GOOD = {
    "title": "Cloud First policy",
    "publisher": "Government Digital Service",
    "country": "uk",
    "language": "en",
    "published": "2024",
    "licence": "OGL v3.0",
    "by": "Aiko",
}


def read(**entered):
    return read_details(GOOD | entered, publishers=("Land Registry",), this_year=2026)


def test_what_is_required_and_a_name_are_enough():
    details = read()
    assert (details.problems, details.remarks, details.by) == ({}, {}, "Aiko")
    assert details.values["document_type"] == ""


@pytest.mark.parametrize("name", ["title", "publisher", "country", "language", "published", "licence", "by"])
def test_what_is_required_has_to_be_there(name):
    assert {field: problem.code for field, problem in read(**{name: " \u3000"}).problems.items()} == {
        name: f"missing-{name}"
    }


@pytest.mark.parametrize(
    ("name", "entered", "stored"),
    [
        ("published", "令和6年6月", "2024-06"),
        ("published", "7 June 2024", "2024-06-07"),
        ("title", " Ｃｌｏｕｄ\n First ", "Cloud First"),
        ("source_url", "https://www.gov.uk/x?y=1", "https://www.gov.uk/x?y=1"),
        ("work_id", "/d/cloud-first", "cloud-first"),
        ("work_id", "https://library.example/d/cloud-first/abc", "cloud-first"),
        ("work_id", "Cloud First", "cloud-first"),
        ("edition", "第２版", "第2版"),
    ],
)
def test_values_are_stored_in_one_form(name, entered, stored):
    details = read(**{name: entered})
    assert (details.values[name], details.problems) == (stored, {})


@pytest.mark.parametrize(
    ("name", "entered", "code"),
    [
        ("published", "06/07/2024", "date"),
        ("published", "2024-02-30", "date"),
        ("published", "1066", "year"),
        ("published", "2028", "year"),
        ("source_url", "www.gov.uk", "address"),
        ("source_url", "javascript:alert(1)", "address"),
        ("source_url", "https://", "address"),
        ("source_url", "https://[x", "address"),
        ("source_url", "https://gov.uk/a b", "address"),
        ("work_id", "a/b", "work"),
        ("work_id", "/d/", "work"),
        ("country", "fr", "missing-country"),
        ("document_type", "pamphlet", "missing-document_type"),
        ("title", "——", "missing-title"),
        ("title", "x" * 301, "too-long"),
    ],
)
def test_what_cannot_be_taken_is_said_and_stays_as_it_was_entered(name, entered, code):
    details = read(**{name: entered})
    assert {field: problem.code for field, problem in details.problems.items()} == {name: code}
    assert details.values[name] == entered
    assert has_text(f"edit.problem.{code}")


def test_a_publisher_nobody_names_is_taken_with_a_remark():
    assert read(publisher="Land Registry").remarks == {}
    assert read(publisher="デジタル庁").remarks == {}
    assert read(publisher="Ministry of Silly Walks").remarks["publisher"].code == "publisher-new"
    remark = read(publisher="Government Digital Servise").remarks["publisher"]
    assert (remark.code, remark.facts) == ("publisher-like", {"name": "Government Digital Service"})


def test_a_name_is_one_line_of_bounded_length():
    assert read_name(" Aiko\nTanaka ") == ("Aiko Tanaka", None)
    assert read_name("x" * 101)[1].code == "too-long"


def test_a_permanent_link_of_a_former_id_leads_to_the_work_of_now_and_a_bare_id_means_itself():
    def read(entered):
        return read_details(GOOD | {"work_id": entered}, publishers=(), present={"old": "new"}.__getitem__).values

    assert read("https://library.example/d/old/abc")["work_id"] == "new"
    assert read("old")["work_id"] == "old"
