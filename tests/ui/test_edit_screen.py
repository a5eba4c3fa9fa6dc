"""The screen that completes and corrects the details of a document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from streamlit.testing.v1 import AppTest

from kb.ingest.likeness import sketch_missing
from kb.model.works import Metadata
from kb.store.origins import replace_origins
from kb.ui import session

APP = str(Path(__file__).parent.parent.parent / "kb" / "ui" / "app.py")
GOOD = {
    "title": "Government Cloud First policy",
    "publisher": "Government Digital Service",
    "country": "uk",
    "language": "en",
    "published": "2013-05-05",
    "licence": "OGL v3.0",
    "document_type": "guidance",
    "source_url": "https://www.gov.uk/guidance/government-cloud-first-policy",
    "work_id": "",
    "edition": "",
    "by": "Aiko Tanaka",
}


class Form:
    """One session on the form of a document, and what the component hands over when a form of it is sent."""

    def __init__(self, library) -> None:
        session.install(library)
        self.test = AppTest.from_file(APP, default_timeout=30)

    def open(self, version_id: str, lang: str = "en") -> BeautifulSoup:
        self.test.run()
        return self.go(f"/edit?id={version_id}&lang={lang}")

    def go(self, address: str) -> BeautifulSoup:
        self.test.session_state["kb.destination"] = address
        self.test.run()
        return self.page

    def send(self, form: str = "details", **fields: str) -> BeautifulSoup:
        self.test.session_state["kb.entered"] = {"form": form, **fields}
        self.test.run()
        return self.page

    @property
    def page(self) -> BeautifulSoup:
        assert not self.test.exception
        data = [json.loads(e.proto.json) for e in self.test.main if e.type == "bidi_component"]
        return BeautifulSoup("".join(each["html"] for each in data), "html.parser")


@pytest.fixture
def form(library) -> Form:
    return Form(library)


@pytest.fixture
def twin(library):
    """A newer edition of the cloud policy that nobody has related to it."""
    text = [f"Sentence {n} about public cloud and how departments choose it." for n in range(60)]
    old = library.add(Metadata(title="Plan for cloud 2020", language="en"), ["\n".join(text)], id="plan20")
    new = library.add(
        Metadata(title="Plan for cloud 2024", language="en"), ["\n".join([*text[:50], "New."])], id="plan24"
    )
    sketch_missing(library.store, limit=100)
    return old, new


def errors(page: BeautifulSoup) -> dict[str, str]:
    return {a["href"].lstrip("#"): a.get_text() for a in page.select(".kb-problems a")}


def test_every_field_has_a_label_and_its_hint_and_the_values_that_are_known(form):
    page = form.open("uk1")
    for box in page.select(".kb-edit-form :is(input[type=text], select)"):
        assert page.find("label", attrs={"for": box["id"]})
        for part in box.get("aria-describedby", "").split():
            assert page.find(id=part)
    assert page.select_one("#title")["value"] == "Government Cloud First policy"
    assert page.select_one("#country option[selected]")["value"] == "uk"
    assert "Nothing has been corrected yet." in page.get_text()


def test_what_is_proposed_says_where_it_comes_from_and_no_more_once_it_is_saved(form, library):
    with library.store.database.write() as connection:
        replace_origins(connection, "uk1", {"publisher": "page:1", "published": "page:3", "licence": "told"})
    page = form.open("uk1", "ja")
    assert [mark.get_text() for mark in page.select(".kb-proposed")] == [
        "自動入力：1ページ目の記載から読み取りました。内容を確認してください。",
        "自動入力：3ページの記載から読み取りました。内容を確認してください。",
    ]
    page = form.send(**GOOD, seen="0")
    assert page.select(".kb-proposed") == []
    assert "発行機関：「Government Digital Service」を確認" in page.get_text()


def test_errors_stand_in_a_summary_and_beside_their_fields_and_nothing_typed_is_lost(form, library):
    form.open("uk1")
    page = form.send(**GOOD | {"published": "32 June", "licence": "", "source_url": "gov.uk", "by": ""})
    assert list(errors(page)) == ["published", "licence", "source_url", "by"]
    summary = page.select_one(".kb-problems")
    assert summary.has_attr("data-focus")
    box = page.select_one("#published")
    assert (box["value"], box["aria-invalid"]) == ("32 June", "true")
    assert "published-error" in box["aria-describedby"].split()
    assert page.find(id="published-error").get_text().startswith("Error: Enter a real date")
    assert library.store.corrections.history("uk1") == []


def test_saving_is_confirmed_and_the_name_is_remembered(form, library):
    form.open("uk1")
    page = form.send(**GOOD | {"publisher": "Government Digital Servise"}, seen="0")
    done = page.select_one(".kb-notice-done").get_text()
    assert "The details were saved" in done
    assert "Did you mean “Government Digital Service”?" in done
    assert library.store.versions.get("uk1").metadata.licence == "OGL v3.0"
    assert form.open("uk1").select_one("#by")["value"] == "Aiko Tanaka"
    page = form.send(**GOOD | {"publisher": "Government Digital Servise"}, seen="9")
    assert "Nothing was changed" in page.get_text()


def test_a_new_title_waits_and_the_page_says_so(form, library):
    form.open("uk1")
    page = form.send(**GOOD | {"title": "Cloud policy, 2nd edition"}, seen="0")
    assert "The new title “Cloud policy, 2nd edition” is being taken into the search" in page.get_text()
    assert page.select_one("#title")["value"] == "Cloud policy, 2nd edition"
    assert library.store.corrections.retitled() == {"uk1": "Cloud policy, 2nd edition"}


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten(form, library):
    form.open("uk1")
    form.send(**GOOD | {"publisher": "Cabinet Office", "by": "Ben"}, seen="0")
    page = form.send(**GOOD | {"publisher": "CDDO"}, seen="0")
    assert errors(page)["publisher"].startswith("Ben changed this to “Cabinet Office” while you were editing.")
    assert page.select_one("#publisher")["value"] == "CDDO"
    assert library.store.versions.get("uk1").metadata.publisher == "Cabinet Office"
    form.send(**GOOD | {"publisher": "CDDO"}, seen=page.select_one("input[name=seen]")["value"])
    assert library.store.versions.get("uk1").metadata.publisher == "CDDO"


def test_a_document_like_another_is_asked_about_and_the_answer_can_be_taken_back(form, library, twin):
    old, new = twin
    page = form.open(new.id)
    assert "What is this document to “Plan for cloud 2020”?" in page.get_text()
    page = form.send("answer", other=old.id, answer="", by="")
    assert errors(page) == {
        f"answer-{old.id}": "Choose what this document is to the other one.",
        f"by-{old.id}": "Enter your name.",
    }
    assert page.find(id=f"answer-{old.id}")
    page = form.send("answer", other=old.id, answer="edition", by="Aiko")
    assert page.select(".kb-like") == []
    assert library.store.versions.get(old.id).status == "superseded"
    assert "This is a new edition of “Plan for cloud 2020”" in page.get_text()
    page = form.send("answer", other=old.id, answer="open", by="Aiko")
    assert page.select_one(".kb-like")
    assert library.store.versions.get(old.id).status == "current"


def test_what_was_typed_but_not_sent_stays_when_the_question_is_answered(form, twin):
    old, new = twin
    form.open(new.id)
    page = form.send(
        "answer",
        other=old.id,
        answer="edition",
        by="Aiko",
        **{"details.licence": "OGL v3.0", "details.work_id": new.work_id},
    )
    assert page.select_one("#licence")["value"] == "OGL v3.0"
    assert page.select_one("#work_id")["value"] == old.work_id


def test_the_form_is_reached_from_the_document_and_from_a_library_row_that_lacks_something(form, library):
    form.open("uk1")
    assert form.go("/document?id=uk1&lang=ja").find("a", string="資料情報を修正する")["href"] == "/edit?id=uk1&lang=ja"
    row = next(
        row for row in form.go("/library?lang=en").select("tbody tr") if row.find("a", href="/document?id=uk1&lang=en")
    )
    assert row.select_one(".kb-complete").get_text().startswith("Missing: licence")


def test_an_address_without_a_document_says_so(form):
    assert form.open("nope").h1.get_text() == "There is no page at this address"


def test_nothing_that_was_entered_becomes_markup(form):
    form.open("uk1")
    page = form.send(**GOOD | {"edition": "<script>x</script>", "by": "<b>me</b>"}, seen="0")
    assert not page.find("script")
    assert "<b>me</b>" in page.select_one("table").get_text()
