"""`python -m kb sources`: what stands on standard output, and with which code it ends."""

from __future__ import annotations

import json
import sys

import pytest
from hash_embedder import HashEmbedder
from made_library import small_pdf
from test_cli import Ended, call, load_instead

from kb import cli
from kb.errors import IndexUnavailableError
from kb.settings import load_settings
from kb.sources.pins import Pins
from kb.sources.visitor import Visitor
from tests.sources.conftest import QUICK, publisher  # noqa: F401  the same publisher
from tests.sources.publisher import Answer, kept

CATALOGUE = """[[source]]
id = "uk-plan"
title = "The [plan]"
language = "en"
published = "2025-01-21"
url = "{address}/plan.pdf"
status = "verified"

[[source]]
id = "uk-gone"
title = "Gone"
language = "en"
url = "{address}/gone.pdf"

[[source]]
id = "briefing"
title = "Briefing"
language = "en"
path = "documents/briefing.pdf"
"""


@pytest.fixture
def run(monkeypatch, capsys, tmp_path, publisher):  # noqa: F811  a fixture
    """Runs `python -m kb sources` on a library of its own, with the embedder for tests and a publisher at hand."""
    load_instead(monkeypatch, HashEmbedder())
    monkeypatch.setattr("kb.sources.visitor.Manners", lambda: QUICK)
    (tmp_path / "sources.toml").write_text(CATALOGUE.format(address=publisher.address), encoding="utf-8")
    monkeypatch.setenv("KB_CORPUS_DIR", str(tmp_path))
    publisher.places["/plan.pdf"] = kept(small_pdf())

    def run(*arguments):
        capsys.readouterr()
        return Ended(call(*arguments, "--data", tmp_path / "data"), *capsys.readouterr())

    return run


def test_the_list_says_what_is_held_and_makes_no_library(run, tmp_path):
    listed = run("sources", "list", "--json")
    assert listed.code == 0
    assert [(row["id"], row["held"], row["status"]) for row in listed.json] == [
        ("uk-plan", False, "verified"),
        ("uk-gone", False, "unverified"),
        ("briefing", False, "unverified"),
    ]
    assert not (tmp_path / "data").exists()
    people = run("sources", "list")
    assert "The [plan]" in people.out
    assert "0 of 3 are in the library." in people.out


def test_fetching_reports_every_source_and_what_was_new_can_be_searched(run):
    ended = run("sources", "fetch", "--json")
    assert ended.code == 0
    assert ended.json["counts"] == {"new": 1, "failed": 1}
    new, failed = ended.json["sources"]
    assert (new["id"], new["outcome"], new["passages"] > 0) == ("uk-plan", "new", True)
    assert (failed["id"], failed["problem"]) == ("uk-gone", "fetch")
    assert run("search", "publish performance data", "--json").json["hits"][0]["path"] == "uk-plan.pdf"
    assert [row["held"] for row in run("sources", "list", "--json").json] == [True, False, False]
    assert run("doctor").code == 0


def test_people_read_what_happened_and_why(run, publisher):  # noqa: F811
    run("sources", "fetch", "uk-plan")
    publisher.places["/gone.pdf"] = Answer(b"<!doctype html><p>Not here")
    ended = run("sources", "fetch")
    assert "1 unchanged, 1 refused" in ended.out
    assert "uk-gone: refused. Instead of the PDF there is a web page." in ended.out


def test_nothing_new_loads_no_model(run, monkeypatch):
    run("sources", "fetch", "uk-plan")
    monkeypatch.delattr("kb.embedding.loading.load_embedder")
    assert run("sources", "fetch", "uk-plan", "--json").json["counts"] == {"unchanged": 1}


def test_failures_in_an_empty_library_load_no_model(run, monkeypatch):
    monkeypatch.delattr("kb.embedding.loading.load_embedder")
    assert run("sources", "fetch", "uk-gone", "--json").json["counts"] == {"failed": 1}


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
def test_an_end_in_the_middle_loses_neither_the_report_nor_the_index(run, monkeypatch, capsys, tmp_path, fault):
    def get(self, url, headers):
        if "gone" in url:
            raise fault
        return real(self, url, headers)

    real = Visitor.get
    with monkeypatch.context() as patch:
        patch.setattr(Visitor, "get", get)
        patch.setattr(sys, "argv", ["kb", "sources", "fetch", "--data", str(tmp_path / "data"), "--json"])
        with pytest.raises((SystemExit, RuntimeError)) as ended:
            cli.main()
    assert not isinstance(ended.value, SystemExit) or ended.value.code
    assert json.loads(capsys.readouterr().out)["counts"] == {"new": 1}
    assert run("search", "publish performance data", "--json").json["hits"][0]["path"] == "uk-plan.pdf"
    assert run("doctor").code == 0


def test_an_index_that_could_not_be_written_costs_no_report_and_is_written_next_time(run, monkeypatch, tmp_path):
    def fail(*_):
        raise IndexUnavailableError("The disk is full.", remedy="Make room.")

    with monkeypatch.context() as patch:
        patch.setattr("kb.index.builder.bring_up_to_date", fail)
        ended = run("sources", "fetch", "uk-plan", "--json")
    assert (ended.code, ended.json["counts"]) == (1, {"new": 1})
    assert "The disk is full." in ended.err
    assert not (tmp_path / "data" / "index" / "current").exists()
    assert run("sources", "fetch", "uk-plan", "--json").json["counts"] == {"unchanged": 1}
    assert (tmp_path / "data" / "index" / "current").exists()


def test_an_index_that_is_behind_is_brought_up_to_date_though_nothing_is_new(run, monkeypatch, tmp_path):
    run("sources", "fetch", "uk-plan")
    (tmp_path / "note.md").write_text("# A note\n\nSomething else.\n", encoding="utf-8")
    current = tmp_path / "data" / "index" / "current"
    before = current.read_text()
    with monkeypatch.context() as patch:
        patch.setattr("kb.index.builder.bring_up_to_date", lambda *_: None)
        run("ingest", tmp_path / "note.md")
    assert current.read_text() == before
    assert run("sources", "fetch", "uk-plan", "--json").json["counts"] == {"unchanged": 1}
    assert current.read_text() != before


def test_another_fetch_that_is_running_is_said_and_nothing_is_reported(run, tmp_path):
    with Pins(load_settings(data_dir=tmp_path / "data")).alone():
        ended = run("sources", "fetch", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "already" in ended.err


def test_files_of_a_folder_are_taken_without_going_online(run, publisher, tmp_path):  # noqa: F811
    (tmp_path / "uk-plan.pdf").write_bytes(small_pdf())
    assert run("sources", "fetch", "--from", tmp_path, "--json").json["counts"] == {"new": 1}
    assert publisher.requests == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sources", "fetch", "nothing"), "no source “nothing”"),
        (("sources", "fetch", "--from", "/nowhere"), "no folder"),
    ],
)
def test_what_cannot_be_fetched_at_all_is_said(run, arguments, words):
    ended = run(*arguments, "--json")
    assert (ended.code, ended.out) == (1, "")
    assert words in ended.err
