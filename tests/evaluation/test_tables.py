"""Tables of figures and the sections of a document that they fill."""

from __future__ import annotations

import pytest

from kb.evaluation.tables import Figures, write_section

TABLE = Figures("Speed", "make bench", ("what", "n", "s"), (("start", 3, 0.25),), note="By the clock.")


@pytest.fixture
def document(tmp_path):
    file = tmp_path / "measurements.md"
    file.write_text("# Title\n\n<!-- eval -->\n<!-- /eval -->\n\nBetween\n\n<!-- bench -->old<!-- /bench -->\n\nEnd\n")
    return file


def test_a_table_in_markdown_names_its_command_and_shows_three_decimals():
    assert TABLE.as_markdown().splitlines() == [
        "### Speed",
        "",
        "`make bench`",
        "",
        "| what | n | s |",
        "| --- | --- | --- |",
        "| start | 3 | 0.250 |",
        "",
        "By the clock.",
    ]


def test_a_table_as_json_has_one_object_a_row():
    assert TABLE.as_dict()["rows"] == [{"what": "start", "n": 3, "s": 0.25}]


def test_only_the_section_named_is_replaced(document):
    write_section(document, "bench", [TABLE])
    text = document.read_text()
    assert "old" not in text
    assert text.startswith("# Title\n\n<!-- eval -->\n<!-- /eval -->\n\nBetween\n\n<!-- bench -->\n")
    assert text.endswith("By the clock.\n\n<!-- /bench -->\n\nEnd\n")


def test_writing_twice_leaves_one_copy(document):
    write_section(document, "bench", [TABLE])
    once = document.read_text()
    write_section(document, "bench", [TABLE])
    assert document.read_text() == once


def test_figures_with_backslashes_are_kept_as_they_are(document):
    write_section(document, "eval", [Figures(r"a\1b", "c", ("x",), ((r"\g<0>",),))])
    assert r"a\1b" in document.read_text()
    assert r"\g<0>" in document.read_text()


def test_a_document_without_the_section_gets_it_at_its_end(tmp_path):
    file = tmp_path / "bare.md"
    file.write_text("# Bare\n")
    write_section(file, "bench", [TABLE])
    assert file.read_text().startswith("# Bare\n\n<!-- bench -->\n")
    assert file.read_text().rstrip().endswith("<!-- /bench -->")
