"""The command line as other programs call it: what stands on standard output, and with which code it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from conftest import REPOSITORY
from hash_embedder import HashEmbedder
from made_library import CLOUD_EN, SMALL, make_pdf, small_pdf

from kb import cli
from kb.errors import IndexUnavailableError
from kb.settings import load_settings
from kb.store import Store

HIT = {
    "rank": int,
    "path": str,
    "title": str,
    "lang": str,
    "country": str,
    "page": (int, type(None)),
    "section": str,
    "text": str,
    "score": float,
    "passage_id": str,
}


class Ended:
    """How a command ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


MODEL_LOADERS = ("kb.embedding.loading", "kb.app", "kb.library.rebuild", "kb.ingest.worker")


def load_instead(patch, embedder):
    """Let every command load `embedder`."""
    for module in MODEL_LOADERS:
        patch.setattr(f"{module}.load_embedder", lambda *_: embedder)


def call(*arguments):
    """Run `python -m kb` with these arguments; gives its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["kb", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return ended.value.code or 0


def write_documents(folder):
    folder.mkdir()
    for path, content in {**SMALL, "standard.pdf": small_pdf()}.items():
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.fixture
def model(monkeypatch):
    embedder = HashEmbedder()
    load_instead(monkeypatch, embedder)
    return embedder


@pytest.fixture
def run(model, capsys):
    """Runs `python -m kb` with the embedder for tests."""

    def run(*arguments):
        capsys.readouterr()
        return Ended(call(*arguments), *capsys.readouterr())

    return run


@pytest.fixture
def documents(tmp_path):
    return write_documents(tmp_path / "documents")


@pytest.fixture
def data(run, documents, tmp_path):
    """A whole library made by the command line, for tests that change it."""
    data = tmp_path / "data"
    assert run("ingest", documents, "--data", data, "--json").code == 0
    return data


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The same for tests that do not."""
    home = tmp_path_factory.mktemp("library")
    with pytest.MonkeyPatch.context() as patch:
        load_instead(patch, HashEmbedder())
        assert call("ingest", write_documents(home / "documents"), "--data", home / "data", "--json") == 0
    return home / "data"


def topics(tmp_path, *lines):
    file = tmp_path / "topics.tsv"
    file.write_text("\n".join(("qid\tquery", *lines)) + "\n", encoding="utf-8")
    return file


def assert_is_hit(hit):
    assert hit.keys() == HIT.keys()
    assert all(isinstance(hit[name], kind) for name, kind in HIT.items())


def test_ingest_reports_every_file(run, documents, tmp_path):
    (documents / "broken.pdf").write_bytes(b"%PDF-1.7")
    ended = run("ingest", documents, "--data", tmp_path / "data", "--json")
    assert ended.code == 0
    assert ended.json["counts"] == {"added": 6, "failed": 1}
    assert ended.json["failures"][0].keys() == {"path", "problem", "message"}
    assert (ended.json["failures"][0]["path"], ended.json["failures"][0]["problem"]) == ("broken.pdf", "damaged")
    assert ended.json["notices"] == []
    assert {f["path"] for f in ended.json["files"]} == {*SMALL, "standard.pdf", "broken.pdf"}
    assert ended.json["files"][0].keys() == {"path", "outcome", "version_id", "passages"}


def test_ingest_names_pages_without_text(run, documents, tmp_path):
    (documents / "gap.pdf").write_bytes(make_pdf("Words on the first page", "", "Words on the third page", ""))
    ended = run("ingest", documents, "--data", tmp_path / "data", "--json")
    notice = {"path": "gap.pdf", "notice": "pages-without-text", "pages": "2, 4", "n": 2}
    assert notice in ended.json["notices"]
    (documents / "other-gap.pdf").write_bytes(make_pdf("Words", ""))
    said = run("ingest", documents, "--data", tmp_path / "data").out
    assert "other-gap.pdf: Page 2 holds no text and cannot be searched." in said
    assert "  gap.pdf" not in said


def test_a_library_is_a_whole_folder(library):
    assert {entry.name for entry in library.iterdir()} >= {"library.sqlite3", "files", "index"}
    assert (library / "index" / "current").is_file()


def test_ingest_reads_only_what_changed(run, data, documents, model):
    embedded = len(model.embedded)
    build = (data / "index" / "current").read_text()
    assert run("ingest", documents, "--data", data, "--json").json["counts"] == {"unchanged": 6}
    assert len(model.embedded) == embedded
    assert (data / "index" / "current").read_text() == build
    (documents / "cloud.en.md").write_text(CLOUD_EN.replace("mandatory", "compulsory"), encoding="utf-8")
    (documents / "data.html").unlink()
    counts = run("ingest", documents, "--data", data, "--json").json["counts"]
    assert counts == {"unchanged": 4, "updated": 1, "retired": 1}
    assert run("search", '"compulsory"', "--data", data, "--json").json["hits"][0]["path"] == "cloud.en.md"


def test_ingest_writes_the_index_that_an_interrupted_run_did_not(run, data, documents, monkeypatch):
    (documents / "new.md").write_text("# New\n\nNew text.\n", encoding="utf-8")
    build = (data / "index" / "current").read_text()
    with monkeypatch.context() as interrupted:
        interrupted.setattr("kb.index.builder.bring_up_to_date", lambda *_: None)
        run("ingest", documents, "--data", data)
    assert (data / "index" / "current").read_text() == build
    assert run("ingest", documents, "--data", data, "--json").json["counts"] == {"unchanged": 7}
    assert (data / "index" / "current").read_text() != build


def test_an_index_that_cannot_be_written_costs_no_report(run, documents, tmp_path, monkeypatch):
    def fail(*_):
        raise IndexUnavailableError("The disk is full.", remedy="Make room.")

    monkeypatch.setattr("kb.index.builder.bring_up_to_date", fail)
    ended = run("ingest", documents, "--data", tmp_path / "data", "--json")
    assert (ended.code, len(ended.json["files"])) == (1, 6)
    assert "The disk is full." in ended.err


def test_ingest_takes_single_files_and_several_paths(run, documents, tmp_path):
    ended = run("ingest", documents / "cloud.en.md", documents / "data.html", "--data", tmp_path / "data", "--json")
    assert [f["path"] for f in ended.json["files"]] == ["cloud.en.md", "data.html"]


def test_a_manifest_names_and_describes_the_files(run, documents, tmp_path):
    manifest = documents / "list.tsv"
    manifest.write_text(
        "path\ttitle\tpublisher\tlanguage\tcategory\nidentity.en.md\tGPG 45\tCabinet Office\ten\tguide\n",
        encoding="utf-8",
    )
    for arguments in (("--manifest", manifest), (documents, "--manifest", manifest)):
        ended = run("ingest", *arguments, "--data", tmp_path / f"data-{len(arguments)}", "--json")
        assert ended.json["counts"] == {"added": 1}
    hit = run("search", "identity verification", "--data", tmp_path / "data-2", "--json").json["hits"][0]
    assert (hit["path"], hit["title"], hit["country"]) == ("identity.en.md", "GPG 45", "uk")


def test_search_gives_ranked_passages_as_json(run, library):
    ended = run("search", "consider cloud solutions first", "-k", "3", "--data", library, "--json")
    assert ended.code == 0
    assert ended.json.keys() == {"query", "took_ms", "hits"}
    assert ended.json["query"] == "consider cloud solutions first"
    hits = ended.json["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    for hit in hits:
        assert_is_hit(hit)
    pages = {}
    for hit in run("search", "publish performance data", "-k", "50", "--data", library, "--json").json["hits"]:
        pages.setdefault(hit["path"], set()).add(hit["page"])
    assert (pages["standard.pdf"], pages["cloud.en.md"]) == ({1, 2, 3}, {None})


def test_search_can_be_narrowed(run, library):
    for option, value, field in (("--lang", "ja", "lang"), ("--lang", "en", "lang"), ("--country", "jp", "country")):
        hits = run("search", "cloud クラウド", option, value, "--data", library, "--json").json["hits"]
        assert {hit[field] for hit in hits} == {value}


def test_older_editions_are_found_when_asked_for(run, data, documents):
    (documents / "cloud.en.md").write_text(CLOUD_EN.replace("mandatory", "compulsory"), encoding="utf-8")
    run("ingest", documents, "--data", data)
    search = ("search", '"mandatory for central government"', "--data", data, "--json")
    assert run(*search).json["hits"] == []
    assert run(*search, "--current-only").json["hits"] == []
    assert [hit["path"] for hit in run(*search, "--all-editions").json["hits"]] == ["cloud.en.md"]


def test_columns_are_the_best_of_each_document_language(run, library):
    hits = run("search", "cloud クラウド", "-k", "2", "--columns", "--data", library, "--json").json["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 1, 2]
    assert [hit["lang"] for hit in hits] == ["en", "en", "ja", "ja"]


def test_a_batch_is_one_json_object_a_line(run, library, tmp_path):
    file = topics(tmp_path, "q1\tcloud policy", "q2\t本人確認の手法", 'q3\t"value for money"')
    for options in ((), ("--columns",)):
        ended = run("search", "--batch", file, "-k", "2", *options, "--data", library, "--json")
        assert ended.code == 0
        assert [line["qid"] for line in ended.lines] == ["q1", "q2", "q3"]
        for line in ended.lines:
            assert line.keys() == {"qid", "query", "took_ms", "hits"}
            assert len(line["hits"]) <= 2 * (1 + len(options))
            for hit in line["hits"]:
                assert_is_hit(hit)


def test_a_query_that_cannot_be_searched_for_does_not_end_a_batch(run, library, tmp_path):
    file = topics(tmp_path, "q1\t🙂", "q2\t", "q3", f"q4\t{'x' * 2000}", "q5\tcloud policy")
    ended = run("search", "--batch", file, "--data", library, "--json")
    assert ended.code == 0
    assert [line["qid"] for line in ended.lines] == ["q1", "q2", "q3", "q4", "q5"]
    assert [line.get("error") for line in ended.lines] == [
        "query-no-words",
        "query-empty",
        "query-empty",
        "query-too-long",
        None,
    ]
    for line in ended.lines[:4]:
        assert line.keys() == {"qid", "query", "took_ms", "hits", "error", "message"}
        assert line["hits"] == []
        assert line["message"]
    assert ended.lines[4]["hits"]


@pytest.mark.parametrize("content", [b"qid\ttext\nq1\tcloud\n", b"", b"qid\tquery\nq1\t\xff\n", None])
def test_a_batch_that_cannot_be_read_is_said(run, library, tmp_path, content):
    file = tmp_path / "bad.tsv"
    if content is not None:
        file.write_bytes(content)
    ended = run("search", "--batch", file, "--data", library, "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "bad.tsv" in ended.err


def test_stats_are_figures_by_name(run, library):
    figures = run("stats", "--data", library, "--json").json
    assert figures["documents"] == figures["works"] == 6
    assert figures["pages"] == 3
    assert figures["by_language"] == {"en": 4, "ja": 2}
    assert figures.keys() >= {"passages", "words", "size_bytes", "by_status", "by_country", "files_not_read", "model"}


def test_doctor_says_what_is_wrong_and_what_to_do(run, data):
    ended = run("doctor", "--data", data, "--json")
    assert ended.code == 0
    assert all(finding["ok"] for finding in ended.json)
    assert ended.json[0].keys() == {"check", "ok", "detail", "remedy"}
    (data / "index" / "current").unlink()
    for options in (("--json",), ()):
        ended = run("doctor", "--data", data, *options)
        assert ended.code == 1
        assert "rebuild" in ended.out


def test_rebuild_makes_the_index_again(run, data):
    before = run("search", "cloud", "--data", data, "--json").json["hits"]
    (data / "index" / "current").unlink()
    ended = run("rebuild", "--data", data, "--json")
    assert ended.code == 0
    assert ended.json.keys() == {"model_id", "revision", "counts"}
    assert sum(ended.json["counts"].values()) == run("stats", "--data", data, "--json").json["passages"]
    assert run("doctor", "--data", data).code == 0
    assert run("search", "cloud", "--data", data, "--json").json["hits"] == before


def test_every_command_has_a_form_for_people(run, data, documents, tmp_path):
    for arguments, words in (
        (("ingest", documents), "6 unchanged"),
        (("search", "cloud policy"), "Cloud First policy"),
        (("search", '"zanzibar nowhere"'), "Nothing was found"),
        (("stats",), "documents"),
        (("doctor",), "ok     database"),
        (("rebuild",), "The index holds"),
        (("worker", "--once"), ""),
    ):
        ended = run(*arguments, "--data", data)
        assert ended.code == 0, ended.err
        assert words in ended.out


@pytest.mark.parametrize("title", ["[draft] Plan", "Plan [/bold] of [red]", "[/] [link=x]", "計画 [案]"])
def test_brackets_in_a_title_are_shown_as_they_are(run, documents, tmp_path, title):
    (documents / "plan.md").write_text(f"---\ntitle: '{title}'\n---\n# Plan\n\nThe zanzibar plan.\n", encoding="utf-8")
    run("ingest", documents, "--data", tmp_path / "data")
    assert title in run("search", "zanzibar plan", "--data", tmp_path / "data").out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("search",), 1, "either a query or --batch"),
        (("search", "🙂"), 1, "no words to search for"),
        (("search", ""), 1, "Nothing was typed"),
        (("ingest",), 1, "Nothing to read was named"),
        (("ingest", "/nowhere/[/x]"), 1, "/nowhere/[/x]"),
        (("search", "cloud", "--lang", "fr"), 2, "--lang"),
        (("search", "cloud", "--country", "fr"), 2, "--country"),
        (("search", "cloud", "-k", "0"), 2, "-k"),
        (("nonsense",), 2, "nonsense"),
        (("stats", "--nonsense"), 2, "nonsense"),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(run, library, arguments, code, words):
    known = arguments[0] in {"search", "ingest", "stats"}
    ended = run(*arguments, *(("--data", library) if known else ()), *(("--json",) if known else ()))
    assert (ended.code, ended.out) == (code, "")
    assert words in re.sub(r"\x1b\[[0-9;]*m", "", ended.err)


def test_a_library_without_documents_answers_every_question(run, tmp_path):
    data, nothing = tmp_path / "empty", tmp_path / "nothing"
    nothing.mkdir()
    run("ingest", nothing, "--data", data)
    assert run("search", "cloud", "--data", data, "--json").json["hits"] == []
    assert run("stats", "--data", data, "--json").json["documents"] == 0
    assert run("doctor", "--data", data).code == 0


def test_another_library_keeps_its_index_to_itself(run, documents, tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INDEX_DIR", str(tmp_path / "elsewhere"))
    run("ingest", documents, "--data", tmp_path / "data")
    assert (tmp_path / "data" / "index" / "current").is_file()
    assert not (tmp_path / "elsewhere").exists()
    monkeypatch.setenv("KB_DATA_DIR", str(tmp_path / "own"))
    run("ingest", documents, "--data", tmp_path / "own")
    assert (tmp_path / "elsewhere" / "current").is_file()


def test_the_module_can_be_run_and_speaks_utf_8(tmp_path):
    Store(load_settings(data_dir=tmp_path / "資料")).close()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LC_ALL": "C"}
    ended = subprocess.run(
        [sys.executable, "-m", "kb", "stats", "--data", str(tmp_path / "資料"), "--json"],
        capture_output=True, env=environment, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(ended.stdout)["documents"] == 0
    assert ended.stderr == b""


def test_counting_and_examining_load_neither_model_nor_screens(tmp_path):
    code = (
        "import sys; from kb import cli; sys.argv = ['kb', sys.argv[1], '--data', sys.argv[2], '--json']\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "heavy = ('torch', 'streamlit', 'sentence_transformers', 'openvino')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    Store(load_settings(data_dir=tmp_path)).close()
    for command in ("stats", "doctor"):
        ended = subprocess.run(
            [sys.executable, "-c", code, command, str(tmp_path)],
            capture_output=True,
            check=True,
            text=True,
            cwd=REPOSITORY,
        )
        assert ended.stderr.strip() == "[]"
