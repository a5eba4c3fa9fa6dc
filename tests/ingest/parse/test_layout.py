from __future__ import annotations

from collections import Counter

from kb.ingest.parse.hyphens import count_words, join_lines
from kb.ingest.parse.layout import Block, Line, paragraphs, title_first
from kb.ingest.parse.running import without_margins
from kb.text.language import Language

NO_WORDS: Counter[str] = Counter()


def line(
    text: str, *, left: float = 70, right: float = 520, top: float = 700, size: float = 10, bold: bool = False
) -> Line:
    return Line(text, left, right, top - size, top, size, bold)


def texts(lines: list[Line], language: Language = "en") -> list[str]:
    return [block.text for block in paragraphs(lines, language, NO_WORDS)]


def test_a_full_line_goes_on_in_the_next() -> None:
    assert texts([line("People expect public services"), line("to be simple.", top=686, right=150)]) == [
        "People expect public services to be simple."
    ]


def test_a_short_line_ends_its_paragraph() -> None:
    lines = [
        line("A first paragraph that fills its line and goes", top=700),
        line("on.", top=686, right=90),
        line("A second one that fills its line as well and is", top=672),
        line("long.", top=658, right=100),
    ]
    assert len(texts(lines)) == 2


def test_a_larger_step_begins_a_paragraph() -> None:
    lines = [line("One line of text", top=700), line("and another one.", top=686), line("Something else", top=650)]
    lines.append(line("that goes on here", top=636))
    assert texts(lines) == ["One line of text and another one.", "Something else that goes on here"]


def test_bold_and_larger_lines_stand_alone() -> None:
    lines = [
        line("Vision", size=16, right=130, top=720),
        line("We will put people first in all we do and", top=690),
        line("say so.", top=676, right=110),
        line("Next steps", bold=True, right=140, top=650),
        line("Begin.", top=636, right=100),
    ]
    assert texts(lines) == ["Vision", "We will put people first in all we do and say so.", "Next steps", "Begin."]


def test_cells_of_a_row_are_set_apart_by_a_space() -> None:
    lines = [line("用語", left=70, right=90), line("意味", left=200, right=220)]
    assert texts(lines, "ja") == ["用語 意味"]


def test_a_raised_figure_joins_its_word() -> None:
    lines = [line("西村毅", left=70, right=100), line("1", left=100, right=104, size=6, top=702)]
    assert texts(lines, "ja") == ["西村毅1"]


def test_entries_of_a_table_of_contents_keep_their_lines() -> None:
    lines = [line("Foreword 4", top=700), line("Summary 5", top=686), line("Context 8", top=672)]
    assert texts(lines) == ["Foreword 4", "Summary 5", "Context 8"]


def test_a_line_never_begins_with_a_small_kana() -> None:
    lines = [line("境界型セキュリテ", right=150), line("ィ", right=80, top=686)]
    assert texts(lines, "ja") == ["境界型セキュリティ"]


def test_columns_of_vertical_writing_are_joined() -> None:
    columns = [Line("みんなのおのおののなか", 500 - 20 * n, 510 - 20 * n, 100, 700, 10) for n in range(3)]
    assert texts(columns, "ja") == ["みんなのおのおののなか" * 3]


def test_no_lines_make_no_blocks() -> None:
    assert paragraphs([], "en", NO_WORDS) == []


def test_every_line_is_in_exactly_one_block() -> None:
    lines = [line(f"Line number {n}", top=700 - 14 * n, bold=n % 3 == 0) for n in range(9)]
    blocks: list[Block] = paragraphs(lines, "en", NO_WORDS)
    assert [part for block in blocks for part in block.lines] == lines


def test_a_title_drawn_last_comes_first() -> None:
    body, title = line("Point one", top=500), line("Our aims", size=24, top=760)
    assert title_first([body, title]) == [title, body]
    assert title_first([body]) == [body]


def test_a_hyphen_of_typesetting_goes_and_one_of_spelling_stays() -> None:
    words = count_words(["the government of the day", "a user-centred service", "competency"])
    assert join_lines("compe", "tency", True, "en", words) == "competency"
    assert join_lines("user", "centred", True, "en", words) == "user-centred"
    assert join_lines("doc/the", "government-licence", True, "en", words) == "doc/the-government-licence"
    assert join_lines("of the gov-", "ernment", False, "en", words) == "of the government"
    assert join_lines("2024", "25", True, "en", words) == "2024-25"
    assert join_lines("Anglo", "Japanese", True, "en", words) == "Anglo-Japanese"


def test_repeated_lines_in_the_margins_go_and_repeated_lines_of_text_stay() -> None:
    pages = [[line("Annual report", top=790), line("Point one", top=400), line(f"{n}", top=40)] for n in range(1, 6)]
    for number, page in enumerate(pages):
        page.insert(1, line(f"Text of its own, number {number} among the pages, and long enough to count", top=500))
    kept = without_margins(pages, [800.0] * 5)
    assert [[part.text for part in page if "own" not in part.text] for page in kept[1:]] == [["Point one"]] * 4
    assert kept[0][0].text == "Annual report"


def test_pages_that_are_copies_of_each_other_keep_their_text() -> None:
    pages = [[line("Understand user needs", top=790), line("Do research", top=770)] for _ in range(6)]
    assert without_margins(pages, [800.0] * 6) == pages
