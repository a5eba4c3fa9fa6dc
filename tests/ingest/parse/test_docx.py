from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE

from kb.errors import DamagedFileError, LimitExceededError
from kb.ingest.parse import docx as parser
from kb.ingest.parse.parsed import Limits, Parsed


def read(data: bytes) -> Parsed:
    return parser.parse(data, limits=Limits(10, 1_000_000))


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_headings_lists_and_tables_are_kept_in_order() -> None:
    document = docx.Document()
    document.core_properties.title = "Assisted digital"
    document.add_heading("Aims", level=1)
    document.add_paragraph("We help people who are not online.")
    document.add_paragraph("phone", style="List Bullet")
    document.add_paragraph("post", style="List Bullet")
    document.add_heading("Costs", level=2)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("Year", "Cost", "2030", "£1m"), strict=True):
        cell.text = text
    document.add_paragraph("That is all.")
    parsed = read(saved(document))
    assert parsed.title == "Assisted digital"
    assert parsed.pages[0].text.split("\n") == [
        *(
            "Aims",
            "",
            "We help people who are not online.",
            "- phone",
            "- post",
            "",
            "Costs",
            "Year | Cost",
            "2030 | £1m",
        ),
        *("", "That is all."),
    ]
    assert [(h.level, h.title) for h in parsed.pages[0].headings] == [(1, "Aims"), (2, "Costs")]


def test_japanese_names_of_styles_are_known() -> None:
    document = docx.Document()
    document.styles.add_style("見出し 2", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("対象範囲", style="見出し 2")
    document.add_paragraph("全ての府省を対象とする。")
    page = read(saved(document)).pages[0]
    assert [(h.level, h.title) for h in page.headings] == [(2, "対象範囲")]
    assert page.language == "ja"


def test_a_merged_cell_is_told_once() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=3)
    table.rows[0].cells[0].merge(table.rows[0].cells[1]).text = "both"
    table.rows[0].cells[2].text = "one"
    assert read(saved(document)).pages[0].text == "both | one"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:p>" + b" " * 80_000_000)
    with pytest.raises(LimitExceededError) as caught:
        read(buffer.getvalue())
    assert caught.value.facts["reason"] == "limit-unpacked"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_file_is_damaged(share: float) -> None:
    data = saved(docx.Document())
    with pytest.raises(DamagedFileError):
        read(data[: int(len(data) * share)])


def test_an_archive_without_a_document_is_damaged() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/nothing.xml", "<a/>")
    with pytest.raises(DamagedFileError):
        read(buffer.getvalue())
