from __future__ import annotations

from kb.ingest.parse.headings import Entry, PlacedBlock, from_outline, from_print, useful
from kb.ingest.parse.layout import Block, Line

TEXT = "Body text that is long enough to tell which size of type most of the document is set in, and then some more."


def placed(*blocks: tuple[str, float]) -> list[PlacedBlock]:
    found: list[PlacedBlock] = []
    start = 0
    for text, size in blocks:
        found.append(PlacedBlock(Block(text, (Line(text, 70, 500, 100, 110, size),), apart=True), start))
        start += len(text) + 2
    return found


def titles(*pages: list[PlacedBlock]) -> list[list[tuple[int, str]]]:
    return [[(heading.level, heading.title) for heading in page] for page in from_print(pages)]


def test_sizes_give_levels() -> None:
    page = placed(("Strategy", 20), (TEXT, 10), ("Aims", 14), (TEXT, 10), ("Costs", 14), (TEXT, 10))
    assert titles(page) == [[(1, "Strategy"), (2, "Aims"), (2, "Costs")]]


def test_numbers_give_levels_even_in_the_size_of_the_text() -> None:
    page = placed(("5 Security policy", 10), ("5.1 Basic policy", 10), (TEXT, 10), ("5.1.1 Documents", 10), (TEXT, 10))
    assert titles(page) == [[(1, "5 Security policy"), (2, "5.1 Basic policy"), (3, "5.1.1 Documents")]]


def test_a_number_alone_does_not_make_a_chapter() -> None:
    assert titles(placed(("3 officials took part", 10), (TEXT, 10))) == [[]]


def test_lines_of_one_heading_are_put_together() -> None:
    page = placed(("クラウドサービスの", 16), ("利用", 16), (TEXT, 10))
    assert titles(page) == [[(1, "クラウドサービスの利用")]]


def test_a_cover_has_no_sections() -> None:
    pages = [placed(("Ministry", 20), ("A plan", 30)), placed((TEXT, 10)), placed(("Aims", 14), (TEXT, 10))]
    assert titles(*pages) == [[], [], [(1, "Aims")]]


def test_dates_sentences_and_leaders_are_no_headings() -> None:
    page = placed(("2021年8月", 14), ("A large sentence.", 14), ("1.1 Aims ... 3", 14), ("12", 14), (TEXT, 10))
    assert titles(page) == [[]]


def test_an_entry_of_the_outline_is_found_where_it_begins_a_line() -> None:
    text = "As 1 Aims says below, we aim high.\n1 Aims\nWe aim high."
    (heading,) = from_outline([Entry(1, "1 Aims", 0)], 0, text)
    assert text[heading.start :].startswith("1 Aims\nWe")


def test_an_entry_that_is_not_in_the_text_begins_with_the_page() -> None:
    (heading,) = from_outline([Entry(1, "Front cover", 0)], 0, "A blueprint")
    assert heading.start == 0


def test_an_outline_of_bare_page_numbers_is_of_no_use() -> None:
    assert useful([Entry(1, str(number), number) for number in range(9)]) == []
    assert useful([Entry(1, "Whole document", 0)]) == []
