"""The list of uploads as readers see it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from kb.html import add, jobs
from kb.i18n import Texts
from kb.library.uploads import BatchState, Upload, UploadPage
from kb.model.jobs import Batch, Job
from kb.model.receipts import Receipt

EN, JA = Texts("en"), Texts("ja")
JOB = Job(id=1, filename="a.pdf", sha256="ab", size_bytes=1000, state="waiting", stage="waiting")
PAGE = UploadPage("all", 1, 1, {"all": 1, "active": 0, "failed": 0}, [], [], is_read=True)


def shown(upload, t=EN, **changed):
    page = replace(PAGE, uploads=[upload] if upload else [], **changed)
    return BeautifulSoup(jobs.job_list(t, page, jobs.Listing("/add")), "html.parser")


def running(**changed):
    return replace(JOB, state="running", **changed)


@pytest.mark.parametrize(
    ("upload", "english", "japanese"),
    [
        (Upload(JOB), "Waiting: it is read next.", "次に読み取ります"),
        (Upload(JOB, ahead=2, left_s=130), "2 files are read before it. About 2 minutes left.", "先に2件"),
        (Upload(running(stage="reading")), "Opening the file.", "ファイルを開いています"),
        (Upload(running(stage="reading", done=3, total=9)), "Reading page 3 of 9.", "9ページのうち3ページ目"),
        (
            Upload(running(stage="embedding", done=3, total=9), left_s=8_000),
            "3 of 9 passages. About 2 hours",
            "約2時間",
        ),
        (Upload(running(stage="saving"), left_s=0.0), "Saving.", "保存しています"),
        (Upload(running(stage="checking")), "Checking.", "確認しています"),
        (Upload(running(stage="reading", is_stopping=True)), "Stopping.", "中止しています"),
        (Upload(replace(JOB, state="cancelled")), "Stopped. Nothing of it was added.", "中止しました"),
        (Upload(replace(JOB, state="failed", problem="encrypted")), "password", "パスワード"),
        (Upload(replace(JOB, state="done", outcome="added")), "has been removed", "削除されました"),
    ],
)
def test_a_file_says_where_it_is_in_both_languages(upload, english, japanese):
    assert english in shown(upload).select_one(".kb-job").get_text()
    assert japanese in shown(upload, JA).select_one(".kb-job").get_text()


def test_what_is_needed_and_what_was_noticed_leads_to_where_it_is_completed(library):
    version = library.store.versions.get("uk1")
    done = replace(JOB, state="done", outcome="edition", version_id="uk1", proposed={"edition": "x"})
    receipt = Receipt("a.pdf", "added", version_id="uk1", pages=2, pages_without_text=(2,), ocr="off")
    upload = Upload(done, version, missing=("publisher", "licence"), earlier=version, receipt=receipt, is_asked=True)
    row = shown(upload).select_one(".kb-job")
    assert "kb-job-attention" in row["class"]
    assert "Not known yet: publisher, licence." in row.get_text()
    assert row.find("a", string="Complete them")["href"] == "/edit?id=uk1&lang=en"
    assert row.find("a", string="Say whether this is a new edition")["href"] == "/edit?id=uk1&lang=en"
    assert "It is a new edition of Government Cloud First policy" in row.get_text()
    assert "発行機関、ライセンス" in shown(upload, JA).get_text()
    assert "Page 2 is a picture without text" in row.select_one("details.kb-receipt").get_text()


def test_a_file_that_is_held_already_is_linked_and_asks_for_nothing(library):
    held = Upload(replace(JOB, state="done", outcome="held"), library.store.versions.get("uk1"), missing=("licence",))
    row = shown(held).select_one(".kb-job")
    assert "already holds this file" in row.get_text()
    assert row.find("a", string="Open the document")["href"].startswith("/document?id=uk1")
    assert "Needs attention" not in row.get_text()


FINAL = ("empty-file", "wrong-type", "damaged", "encrypted", "deleted")
"""Problems that the same bytes have whenever they are read."""


@pytest.mark.parametrize(
    ("job", "action"),
    [
        (JOB, "stop"),
        (running(stage="reading"), "stop"),
        (running(stage="reading", is_stopping=True), None),
        *[(replace(JOB, state="failed", problem=problem), None) for problem in FINAL],
        (replace(JOB, state="failed", problem="damaged", facts={"reason": "damaged-broken-off"}), "retry"),
        (replace(JOB, state="failed", problem="no-text-layer"), "retry"),
        (replace(JOB, state="failed", problem="limit"), "retry"),
        (replace(JOB, state="cancelled"), "retry"),
        (replace(JOB, state="failed", problem="limit", sha256=""), None),
        (replace(JOB, state="done"), None),
    ],
)
def test_what_can_be_done_about_a_file_is_offered_and_nothing_else(job, action):
    form = shown(Upload(job)).select_one(".kb-job form")
    assert (form is None) == (action is None)
    if action:
        assert form["action"].startswith(f"/uploads/1/{action}?next=%2Fadd")
        assert "a.pdf" in form.button.get_text()  # told apart by a screen reader


def test_a_batch_says_how_far_it_is_and_how_long_it_will_take():
    batch = Batch("batch-one", "", 200, waiting=97, running=1, added=90, held=5, edition=1, failed=4, cancelled=2)
    text = shown(None, batches=[BatchState(batch, 3_000)]).select_one(".kb-batch").get_text(" ")
    assert "102 of 200 files done." in text
    assert "About 50 minutes left." in text
    for words in ("90 added", "1 new edition", "5 already held", "4 not added", "2 stopped"):
        assert words in text.replace("\u00a0", " ")
    over = replace(batch, waiting=0, running=0, added=188)
    assert not shown(None, batches=[BatchState(over)]).select(".kb-batch :is(progress, form)")


@pytest.mark.parametrize(
    ("t", "words"), [(EN, "Nobody is reading files at the moment."), (JA, "読み取りが行われていません")]
)
def test_nobody_reading_is_said_only_where_somebody_should(t, words):
    active = {"all": 1, "active": 1, "failed": 0}
    assert words in shown(Upload(JOB), t, counts=active, is_read=False).get_text()
    assert words not in shown(Upload(JOB), t, counts=active).get_text()
    assert words not in shown(Upload(JOB), t, is_read=False).get_text()


@pytest.mark.parametrize(
    "parameters", [{"show": "x", "files": "-1"}, {"files": "９"}, {"files": "1e9"}, {"files": "9" * 40}]
)
def test_an_address_that_says_nonsense_shows_the_first_page_of_all(parameters):
    assert jobs.Listing.of(parameters, "/add") == jobs.Listing("/add")


def test_the_address_of_a_list_says_which_it_is():
    listing = jobs.Listing.of({"show": "failed", "files": "2"}, "/uploads")
    assert listing.address("ja", number=3) == "/uploads?show=failed&files=3&lang=ja#jobs-title"


def test_a_name_of_a_file_is_only_text():
    row = shown(Upload(replace(JOB, filename="<img src=x>.pdf"))).select_one(".kb-job")
    assert not row.select("img")


def test_the_form_asks_for_what_is_required_and_says_its_limit():
    form = BeautifulSoup(add.form(JA, batch="batch-one", max_upload_mb=50, screen="/add"), "html.parser").form
    assert {field["name"] for field in form.select("[name]")} == {"batch", "files", *add.FIELDS}
    assert form["action"] == "/uploads?lang=ja"
    assert "50MB" in form["data-texts"]
    assert all(form.find("label", attrs={"for": field["id"]}) for field in form.select("[name][id]"))
