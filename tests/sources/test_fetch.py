"""Fetching from a real server: what a site may do, and what the library makes of it."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from made_library import make_pdf

from kb.errors import FetchError
from kb.model.hits import Filters
from kb.sources.pins import Pins
from kb.sources.visitor import Manners
from tests.sources.conftest import QUICK
from tests.sources.publisher import Answer, kept

PLAN = make_pdf(*[f"Page {n} of the plan\n\nThe plan has many pages, this is number {n}." for n in range(1, 40)])
PLAN_2 = make_pdf("The new plan\n\nIt replaces the plan that was here before.")
PAGE = """<!doctype html><html lang="en"><head><title>Guidance</title><meta name="token" content="{token}"></head>
<body><h1>Guidance</h1><p>Consider what users need before anything else.{more}</p></body></html>"""


def page(token="1", more="") -> bytes:
    return PAGE.format(token=token, more=more).encode()


def html(body: bytes) -> Answer:
    return Answer(body, headers={"Content-Type": "text/html"})


@pytest.fixture
def plan(fetching, publisher):
    """A library whose catalogue has the plan, which the publisher has too."""
    fetching.source("uk-plan", "/plan.pdf", country="uk", publisher="The Office", published="2025-01-21", licence="OGL")
    publisher.places["/plan.pdf"] = kept(PLAN)
    return fetching


def test_a_publication_comes_into_the_library_with_what_the_catalogue_says_of_it(plan, publisher):
    fetched = plan()["uk-plan"]
    assert (fetched.outcome, fetched.size_bytes, fetched.message) == ("new", len(PLAN), "")
    version = plan.library.store.versions.get(fetched.version_id)
    metadata = version.metadata
    assert (version.work_id, version.title, metadata.publisher) == ("uk-plan", "Title of uk-plan", "The Office")
    assert (metadata.country, metadata.published, metadata.licence) == ("uk", "2025-01-21", "OGL")
    assert metadata.source_url == f"{publisher.address}/plan.pdf"
    assert version.page_count == 39
    assert {file.name for file in plan.folder.iterdir()} == {"pins.json", "lock"}


def test_it_says_who_it_is_and_asks_what_is_allowed_first(plan, publisher):
    plan()
    assert [request.path for request in publisher.requests] == ["/robots.txt", "/plan.pdf"]
    for request in publisher.requests:
        assert request.headers["User-Agent"].startswith("Kakehashi/")


def test_what_did_not_change_is_not_sent_again(plan, publisher):
    first = plan()["uk-plan"]
    embedded = len(plan.library.embedder.embedded)
    again = plan()["uk-plan"]
    assert (again.outcome, again.version_id, again.sha256) == ("unchanged", first.version_id, first.sha256)
    assert publisher.requests[-1].headers["If-None-Match"] == '"1"'
    assert len(plan.library.embedder.embedded) == embedded


def test_what_did_not_change_is_told_by_its_bytes_where_a_site_knows_no_marks(plan, publisher):
    publisher.places["/plan.pdf"] = Answer(PLAN)
    assert plan()["uk-plan"].outcome == "new"
    assert plan()["uk-plan"].outcome == "unchanged"


def test_a_change_is_reported_and_becomes_a_new_edition(plan, publisher):
    first = plan()["uk-plan"]
    publisher.places["/plan.pdf"] = kept(PLAN_2, etag='"2"')
    changed = plan()["uk-plan"]
    assert (changed.outcome, changed.earlier_sha256) == ("changed", first.sha256)
    assert changed.sha256 != first.sha256
    assert "new edition" in changed.message
    versions = plan.library.store.versions
    assert versions.get(first.version_id).status == "superseded"
    assert versions.get(changed.version_id).status == "current"
    assert plan()["uk-plan"].outcome == "unchanged"


def test_a_web_page_whose_markup_alone_changed_is_unchanged(fetching, publisher):
    fetching.source("uk-guide", "/guide", media="html")
    publisher.places["/guide"] = html(page())
    first = fetching()["uk-guide"]
    publisher.places["/guide"] = html(page(token="2"))
    assert fetching()["uk-guide"].version_id == first.version_id
    assert fetching()["uk-guide"].outcome == "unchanged"
    publisher.places["/guide"] = html(page(token="3", more=" Then test it."))
    assert fetching()["uk-guide"].outcome == "changed"


def test_what_the_catalogue_says_anew_is_kept_without_fetching(plan, publisher):
    first = plan()["uk-plan"]
    plan.describe("The Office", "The Department")
    again = plan()["uk-plan"]
    assert (again.outcome, again.version_id) == ("unchanged", first.version_id)
    assert plan.library.store.versions.get(first.version_id).metadata.publisher == "The Department"
    assert sum(len(request.headers.get("If-None-Match", "")) > 0 for request in publisher.asked("/plan.pdf")) == 1


def test_an_edition_that_the_catalogue_calls_replaced_is_superseded_whatever_comes_first(plan, publisher):
    plan.source("uk-plan-2", "/plan-2.pdf")
    plan.describe('licence = "OGL"', 'licence = "OGL"\nsuperseded_by = "uk-plan-2"')
    publisher.places["/plan-2.pdf"] = kept(PLAN_2)
    newer = plan("uk-plan-2")["uk-plan-2"]
    older = plan("uk-plan")["uk-plan"]
    versions = plan.library.store.versions
    assert (versions.get(newer.version_id).status, versions.get(older.version_id).status) == ("current", "superseded")


def test_bytes_that_somebody_added_before_are_known(plan):
    plan.library.write({"mine.pdf": PLAN})
    plan.library.ingest()
    fetched = plan()["uk-plan"]
    assert (fetched.outcome, fetched.message) == ("unchanged", "The library held this file already.")
    assert len(plan.library.store.versions.list(Filters())) == 1


def test_a_publication_that_is_gone_from_the_library_is_fetched_again(plan):
    first = plan()["uk-plan"]
    plan.library.store.files.path(first.sha256).unlink()
    assert plan()["uk-plan"].size_bytes == len(PLAN)
    assert plan.library.store.files.is_whole(first.sha256)


def test_a_redirect_is_followed_and_asked_of_the_rules_of_its_site(plan, publisher):
    publisher.places["/plan.pdf"] = Answer(status=301, headers={"Location": "/moved.pdf"})
    publisher.places["/moved.pdf"] = Answer(status=302, headers={"Location": f"{publisher.other_address}/there.pdf"})
    publisher.places["/there.pdf"] = kept(PLAN)
    assert plan()["uk-plan"].outcome == "new"
    assert len(publisher.asked("/robots.txt")) == 2


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/plan.pdf", "more than 3 times"),
        ("file:///etc/passwd", "file:"),
        ("ftp://127.0.0.1/plan.pdf", "ftp:"),
        ("data:application/pdf,%25PDF", "data:"),
        ("http://[nowhere/plan.pdf", "http://[nowhere"),
    ],
)
def test_a_redirect_in_a_circle_or_away_from_the_web_is_refused(plan, publisher, location, words):
    publisher.places["/plan.pdf"] = Answer(status=302, headers={"Location": location})
    fetched = plan()["uk-plan"]
    assert (fetched.outcome, fetched.problem) == ("refused", "fetch-refused")
    assert words in fetched.message


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "nothing at this address"), (410, "withdrawn"), (403, "status 403"), (503, "later"), (304, "status 304")],
)
def test_a_site_that_does_not_send_it_is_said(plan, publisher, status, words):
    publisher.places["/plan.pdf"] = Answer(b"No", status)
    fetched = plan()["uk-plan"]
    assert (fetched.outcome, fetched.problem) == ("failed", "fetch")
    assert words in fetched.message
    assert len(publisher.asked("/plan.pdf")) == 1


def test_a_publication_that_fails_does_not_cost_the_others(plan, publisher):
    plan.source("uk-gone", "/gone.pdf")
    plan.source("uk-guide", "/guide", media="html")
    publisher.places["/guide"] = html(page())
    assert {name: each.outcome for name, each in plan().items()} == {
        "uk-plan": "new",
        "uk-gone": "failed",
        "uk-guide": "new",
    }


@pytest.mark.parametrize(
    ("body", "media", "words"),
    [
        (page(), "pdf", "Instead of the PDF there is a web page."),
        (page(), "", "Instead of the PDF there is a web page."),
        (b"PK\x03\x04" + bytes(2000), "pdf", "Instead of the PDF there is ZIP."),
        (b"Please wait" * 200, "pdf", "Instead of the PDF there is something else."),
        (b"Please wait. %PDF-1.7" + bytes(2000), "pdf", "Instead of the PDF there is something else."),
        (PLAN, "html", "Instead of the web page there is a PDF."),
        (b"", "pdf", "Instead of the PDF there is something else."),
    ],
)
def test_what_is_not_the_kind_that_was_promised_is_refused(plan, publisher, body, media, words):
    plan.describe('licence = "OGL"', f'media = "{media}"')
    publisher.places["/plan.pdf"] = Answer(body, headers={"Content-Type": "application/pdf", "ETag": '"x"'})
    fetched = plan()["uk-plan"]
    assert fetched.outcome == "refused"
    assert words in fetched.message
    assert plan.library.store.versions.list() == []
    assert [file.name for file in plan.folder.glob("uk-plan*")] == []


def test_a_page_where_a_pdf_should_be_is_not_read_to_its_end(plan, publisher):
    publisher.places["/plan.pdf"] = Answer(page() + b" " * 900_000, trickle_s=0.0005)
    assert plan(manners=Manners(pause_s=0, read_timeout_s=5))["uk-plan"].outcome == "refused"


@pytest.mark.parametrize("announce", [True, False])
def test_what_is_too_large_is_refused(plan, publisher, announce):
    publisher.places["/plan.pdf"] = Answer(b"%PDF-1.7" + bytes(1_000_001), announce=announce)
    fetched = plan()["uk-plan"]
    assert fetched.outcome == "refused"
    assert "larger than 1 MB" in fetched.message


def test_what_breaks_off_is_gone_on_with(plan, publisher):
    half = Answer(PLAN, headers={"ETag": '"1"'}, broken_after=len(PLAN) // 2)
    publisher.places["/plan.pdf"] = kept(PLAN, first=half)
    assert plan()["uk-plan"].outcome == "new"
    second = publisher.asked("/plan.pdf")[1].headers
    assert re.fullmatch(r"bytes=\d+-", second["Range"])
    assert second["If-Range"] == '"1"'
    assert plan.library.store.files.all() == {plan.library.store.versions.list()[0].sha256}


def test_what_broke_off_is_kept_for_the_next_time(plan, publisher):
    once = Manners(pause_s=0, read_timeout_s=0.5, tries=1)
    half = Answer(PLAN, headers={"ETag": '"1"'}, broken_after=len(PLAN) // 2)
    publisher.places["/plan.pdf"] = kept(PLAN, first=half)
    failed = plan(manners=once)["uk-plan"]
    assert failed.outcome == "failed"
    assert "bytes came and are kept" in failed.message
    assert (plan.folder / "uk-plan.part").stat().st_size > 0
    assert plan(manners=once)["uk-plan"].outcome == "new"
    assert "Range" in publisher.asked("/plan.pdf")[1].headers


@pytest.mark.parametrize("etag", ['"2"', 'W/"1"', ""])
def test_the_rest_of_another_file_is_never_put_behind_the_first_half(plan, publisher, etag):
    half = Answer(PLAN, headers={"ETag": etag or '"1"'}, broken_after=len(PLAN) // 2)
    publisher.places["/plan.pdf"] = kept(PLAN_2, etag='"3"', first=half)
    fetched = plan()["uk-plan"]
    assert (fetched.outcome, fetched.size_bytes) == ("new", len(PLAN_2))


def test_a_part_that_is_longer_than_the_file_is_thrown_away(plan, publisher):
    half = Answer(PLAN, headers={"ETag": '"3"'}, broken_after=len(PLAN) - 10)
    publisher.places["/plan.pdf"] = kept(PLAN_2, etag='"3"', first=half)
    assert plan(manners=Manners(pause_s=0, read_timeout_s=0.5, tries=3))["uk-plan"].size_bytes == len(PLAN_2)


@pytest.mark.parametrize("tag", ['"1"', ""])
def test_what_came_packed_and_broke_off_is_fetched_from_its_beginning(plan, publisher, tag):
    packed = gzip.compress(PLAN, mtime=0)
    headers = {"ETag": tag, "Content-Encoding": "gzip"} if tag else {"Content-Encoding": "gzip"}
    answers = [Answer(packed, headers=headers, broken_after=len(packed) - 20), Answer(packed, headers=headers)]
    publisher.places["/plan.pdf"] = lambda _: answers.pop(0)
    fetched = plan()["uk-plan"]
    assert (fetched.outcome, fetched.size_bytes) == ("new", len(PLAN))
    assert all("Range" not in request.headers for request in publisher.asked("/plan.pdf"))


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_part_whose_rest_comes_packed_is_thrown_away(plan, publisher, encoding):
    """Whether the site continues the packed bytes in the middle, or packs the rest."""
    packed = gzip.compress(PLAN, mtime=0)
    rest = {"Content-Encoding": "gzip", "Content-Range": f"bytes 1000-{len(packed) - 1}/{len(packed)}", "ETag": '"1"'}
    answers = [Answer(packed[1000:], 206, rest), Answer(PLAN, headers={"ETag": '"1"'})]
    if encoding == "identity":
        answers[0] = Answer(b"not packed", 200, {"Content-Encoding": "gzip", "ETag": '"1"'})
    publisher.places["/plan.pdf"] = lambda _: answers.pop(0)
    plan.folder.mkdir(parents=True, exist_ok=True)
    (plan.folder / "uk-plan.part").write_bytes(PLAN[:1000])
    marks = {"url": f"{publisher.address}/plan.pdf", "etag": '"1"', "last_modified": ""}
    (plan.folder / "uk-plan.part.json").write_text(json.dumps(marks), encoding="utf-8")
    fetched = plan()["uk-plan"]
    assert (fetched.outcome, fetched.size_bytes) == ("new", len(PLAN))
    first, second = publisher.asked("/plan.pdf")
    assert first.headers["Range"] == "bytes=1000-"
    assert "Range" not in second.headers


def test_a_half_without_a_mark_is_fetched_from_its_beginning(plan, publisher):
    publisher.places["/plan.pdf"] = Answer(PLAN, broken_after=len(PLAN) // 2)
    failed = plan()["uk-plan"]
    assert failed.outcome == "failed"
    assert "kept" not in failed.message
    assert all("Range" not in request.headers for request in publisher.asked("/plan.pdf"))


def test_a_pdf_of_unknown_length_must_have_its_end(plan, publisher):
    publisher.places["/plan.pdf"] = Answer(PLAN, broken_after=len(PLAN) // 2, announce=False)
    assert plan()["uk-plan"].outcome == "failed"
    publisher.places["/plan.pdf"] = Answer(PLAN, announce=False)
    assert plan()["uk-plan"].outcome == "new"


def test_a_site_that_does_not_answer_in_time_is_left(plan, publisher):
    publisher.places["/plan.pdf"] = Answer(PLAN, delay_s=1.0)
    fetched = plan()["uk-plan"]
    assert fetched.outcome == "failed"
    assert "in time" in fetched.message


def test_a_site_that_sends_drop_by_drop_is_left(plan, publisher):
    publisher.places["/plan.pdf"] = Answer(PLAN, trickle_s=0.02)
    assert plan(manners=Manners(pause_s=0, total_timeout_s=0.2, tries=1))["uk-plan"].outcome == "failed"


def test_a_site_that_is_not_there_is_said(plan):
    plan.describe("http://127.0.0.1:", "http://127.0.0.1:1")
    assert plan()["uk-plan"].outcome == "failed"


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ("User-agent: *\nDisallow: /plan", "refused"),
        ("User-agent: Kakehashi\nDisallow: /", "refused"),
        ("User-agent: *\nDisallow: /\n\nUser-agent: kakehashi\nAllow: /", "new"),
        ("User-agent: Other\nDisallow: /", "new"),
        ("", "new"),
        ("\ufeffUser-agent: *\nDisallow: /", "refused"),
        ("User-agent: *\nDisallow: /*.pdf$", "refused"),
    ],
)
def test_the_rules_of_a_site_are_kept(plan, publisher, rules, outcome):
    publisher.places["/robots.txt"] = Answer(rules.encode())
    assert plan()["uk-plan"].outcome == outcome
    assert len(publisher.asked("/plan.pdf")) == (outcome == "new")


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "new"), (401, "new"), (403, "new"), (503, "failed"), (429, "failed")]
)
def test_a_site_without_rules_is_open_and_one_that_cannot_say_is_left_in_peace(plan, publisher, status, outcome):
    publisher.places["/robots.txt"] = Answer(b"", status)
    assert plan()["uk-plan"].outcome == outcome


def test_rules_that_forbid_where_a_redirect_leads_are_kept(plan, publisher):
    publisher.places["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /secret")
    publisher.places["/plan.pdf"] = Answer(status=302, headers={"Location": "/secret/plan.pdf"})
    publisher.places["/secret/plan.pdf"] = kept(PLAN)
    assert plan()["uk-plan"].outcome == "refused"
    assert publisher.asked("/secret/plan.pdf") == []


@pytest.mark.parametrize(("rules", "least_s"), [("", 0.15), ("User-agent: *\nCrawl-delay: 1", 0.3)])
def test_between_two_requests_to_one_site_there_is_a_pause(plan, publisher, rules, least_s):
    publisher.places["/robots.txt"] = Answer(rules.encode())
    plan.source("uk-guide", "/guide", media="html")
    publisher.places["/guide"] = html(page())
    plan(manners=Manners(pause_s=0.15, longest_pause_s=0.3))
    first, second = (publisher.asked(path)[0].at for path in ("/plan.pdf", "/guide"))
    assert second - first >= least_s


def test_files_fetched_by_hand_are_taken_by_their_names(plan, tmp_path):
    plan.source("uk-guide", "/guide", media="html")
    plan.source("uk-other", "/other.pdf")
    (tmp_path / "uk-plan.pdf").write_bytes(PLAN)
    (tmp_path / "uk-guide.html").write_bytes(page())
    fetched = plan(folder=tmp_path)
    assert {name: each.outcome for name, each in fetched.items()} == {
        "uk-plan": "new",
        "uk-guide": "new",
        "uk-other": "failed",
    }
    assert plan("uk-plan", folder=tmp_path)["uk-plan"].outcome == "unchanged"
    assert (tmp_path / "uk-plan.pdf").is_file()
    (tmp_path / "uk-plan.pdf").write_bytes(page())
    assert plan("uk-plan", folder=tmp_path)["uk-plan"].outcome == "refused"


def test_a_file_that_cannot_be_read_is_a_failure_and_fetched_anew_next_time(plan, publisher):
    publisher.places["/plan.pdf"] = kept(b"%PDF-1.7\n" + b"x" * 3000)
    fetched = plan()["uk-plan"]
    assert (fetched.outcome, fetched.problem) == ("failed", "damaged")
    publisher.places["/plan.pdf"] = kept(PLAN)
    assert plan()["uk-plan"].outcome == "new"


def test_pins_that_were_damaged_cost_one_fetch_and_nothing_else(plan):
    plan()
    (plan.folder / "pins.json").write_text("{", encoding="utf-8")
    assert plan()["uk-plan"].outcome == "unchanged"
    pins = json.loads((plan.folder / "pins.json").read_text(encoding="utf-8"))
    assert pins["uk-plan"].keys() >= {"sha256", "version_id", "fetched_at", "marks"}


def test_two_fetches_do_not_work_on_one_library(plan):
    with Pins(plan.settings).alone(), pytest.raises(FetchError) as refused:
        plan()
    assert "already" in refused.value.message


def test_a_file_that_comes_with_the_starter_documents_is_not_fetched(plan):
    plan.source("brief", "/brief.pdf")
    plan.describe('Title of brief"', 'Title of brief"\npath = "documents/brief.pdf"')
    assert plan("brief", manners=QUICK)["brief"].outcome == "refused"
