"""From Tesseract's table to paragraphs."""

from __future__ import annotations

from kb.ingest.parse.recognised_text import recognised


def row(text, *, line=1, paragraph=1, block=1, left=0, width=None, height=30, confidence=95.0, top=0):
    width = 30 * len(text) if width is None else width
    return "\t".join(map(str, (5, 1, block, paragraph, line, 1, left, top, width, height, confidence, text)))


def table(*rows):
    return "\n".join(["level\tpage_num\tblock_num", *rows])


def test_nothing_gives_nothing():
    assert recognised("").text == ""
    assert recognised(table()).confidence == 0


def test_rows_of_another_shape_are_left_out():
    assert recognised(table("5\t1\t1", "five\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tx", row("word"))).text == "word"


def test_english_lines_are_joined_and_hyphens_repaired():
    found = recognised(table(row("The depart-", width=900), row("ment decides.", line=2, width=850)))
    assert found.text == "The department decides."


def test_japanese_is_written_together_and_latin_in_it_too():
    found = recognised(
        table(
            row("2022", width=80),
            row("年", left=88),
            row("10", left=126, width=40),
            row("月", left=174),
            row("末", left=206),
        )
    )
    assert found.text == "2022年10月末"


def test_cells_of_a_japanese_table_stay_apart():
    assert recognised(table(row("時期"), row("議題", left=200))).text == "時期 議題"


def test_a_short_line_ends_where_it_was_meant_to():
    found = recognised(
        table(
            row("要点", width=60),
            row("一つは覚書です。", line=2, width=800),
            row("もう一つは別です。", line=3, width=800),
        )
    )
    assert found.text == "要点\n一つは覚書です。もう一つは別です。"


def test_what_stands_for_a_bullet_becomes_one():
    found = recognised(
        table(row("e", width=20), row("Act", left=40), row("e", line=2, width=20), row("Inspire", line=2, left=40))
    )
    assert found.text == "• Act\n• Inspire"


def test_unlikely_words_are_left_out_and_lower_the_confidence():
    found = recognised(table(row("word", confidence=90), row("~|", left=400, confidence=10)))
    assert found.text == "word"
    assert 60 < found.confidence < 70


def test_columns_of_vertical_text_are_measured_downwards():
    found = recognised(
        table(row("序", width=30, height=30, top=0), row("文", width=30, height=30, top=32)), is_vertical=True
    )
    assert found.text == "序文"
