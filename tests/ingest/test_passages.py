from __future__ import annotations

import re
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.ingest.parse.parsed import Heading, Parsed, ParsedPage
from kb.ingest.passages import cut
from kb.model.passages import Passage
from kb.text.language import language_of

WORD = re.compile(r"[A-Za-z]{1,6}|[0-9]|[^\sA-Za-z0-9]")
SENTENCE = "Every service needs a person who answers for it. "
KANJI_SENTENCE = "行政サービスは利用者の立場で設計する。"


def count(texts: Sequence[str]) -> list[int]:
    """About what a model's tokenizer counts: pieces of words, and two marks around each text."""
    return [2 + len(WORD.findall(text)) for text in texts]


def document(*pages: str, headings: Sequence[Sequence[Heading]] = (), paged: bool = True) -> Parsed:
    return Parsed(
        "application/pdf",
        paged=paged,
        pages=tuple(
            ParsedPage(number, text, language_of(text), headings=tuple(headings[number - 1]) if headings else ())
            for number, text in enumerate(pages, start=1)
        ),
    )


def passages(parsed: Parsed, most: int = 60, overlap: int = 12) -> tuple[Passage, ...]:
    return cut(parsed, version_id="v1", count_tokens=count, max_tokens=most, overlap_tokens=overlap)


def test_a_short_page_is_one_passage() -> None:
    (passage,) = passages(document("A short page."))
    assert (passage.text, passage.page, passage.ordinal, passage.start, passage.end) == ("A short page.", 1, 0, 0, 13)


def test_no_passage_goes_over_the_end_of_a_page() -> None:
    assert [passage.page for passage in passages(document("One.", "", "Three."))] == [1, 3]


def test_a_document_without_pages_has_no_page_numbers() -> None:
    assert passages(document("Text.", paged=False))[0].page is None


def test_an_empty_document_has_no_passages() -> None:
    assert passages(document("", " \n ")) == ()


def test_passages_end_with_sentences() -> None:
    for text in (SENTENCE * 30, KANJI_SENTENCE * 30):
        assert all(passage.text.endswith((".", "。")) for passage in passages(document(text.strip())))


def test_neighbours_overlap_by_whole_sentences() -> None:
    text = " ".join(f"Sentence number {n} tells of one thing." for n in range(40))
    found = passages(document(text))
    for before, after in pairwise(found):
        assert before.start < after.start < before.end < after.end
        assert text[after.start :].startswith("Sentence")


def test_without_overlap_passages_follow_each_other() -> None:
    found = passages(document(SENTENCE * 30), overlap=0)
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_a_paragraph_is_a_better_place_to_break_than_a_sentence() -> None:
    text = SENTENCE * 3 + "\n\n" + SENTENCE * 3
    assert [passage.text.count("Every") for passage in passages(document(text.strip()), most=50, overlap=0)] == [3, 3]


def test_passages_carry_the_path_of_headings_over_pages() -> None:
    first = "1 Aims\n" + SENTENCE * 4
    second = SENTENCE * 4 + "\n1.1 Scope\n" + SENTENCE * 4
    parsed = document(
        first,
        second,
        headings=[[Heading(1, "1 Aims", 0)], [Heading(2, "1.1 Scope", second.index("1.1"))]],
    )
    found = passages(parsed, most=70)
    assert [passage.section for passage in found] == [("1 Aims",), ("1 Aims",), ("1 Aims", "1.1 Scope")]
    assert found[2].text.startswith("1.1 Scope")


def test_nothing_stands_under_a_table_of_contents_nor_under_a_chapter_of_another_number() -> None:
    titles = ["目次", "3 Aims", "3.1 Scope", "4.2 Costs"]
    text = "\n".join(f"{title}\n{SENTENCE * 4}" for title in titles)
    headings = [Heading(1 + title.count("."), title, text.index(title)) for title in titles]
    found = passages(document(text, headings=[headings]), most=60, overlap=0)
    assert [passage.section for passage in found] == [("目次",), ("3 Aims",), ("3 Aims", "3.1 Scope"), ("4.2 Costs",)]


def test_small_sections_join_their_neighbours() -> None:
    text = "Terms\nAPI\nAn interface.\nURL\nAn address."
    headings = [Heading(1, "Terms", 0), Heading(2, "API", 6), Heading(2, "URL", text.index("URL"))]
    (passage,) = passages(document(text, headings=[headings]))
    assert passage.text == text
    assert passage.section == ("Terms",)


def test_a_heading_is_never_left_alone() -> None:
    text = SENTENCE * 5 + "\nNext steps\n" + SENTENCE * 30
    found = passages(document(text.strip(), headings=[[Heading(1, "Next steps", text.index("Next"))]]))
    (starting,) = [passage for passage in found if passage.text.startswith("Next steps")]
    assert len(starting.text) > 40


def test_a_text_without_any_place_to_break_is_cut_all_the_same() -> None:
    found = passages(document("漢" * 500))
    assert all(count([passage.text])[0] <= 60 for passage in found)
    assert "".join(passage.text for passage in found) == "漢" * 500


def test_ids_are_stable_and_say_where_the_words_stand() -> None:
    first = passages(document(SENTENCE * 30, "Second page."))
    assert first == passages(document(SENTENCE * 30, "Second page."))
    assert len({passage.id for passage in first}) == len(first)
    assert all(re.fullmatch(r"[a-z2-7]{16}", passage.id) for passage in first)
    spaced = passages(document("Second  page.\n"))[0]
    assert spaced.id == passages(document("Second page."))[0].id
    assert spaced.id != passages(document("", "Second page."))[0].id


def test_the_same_words_twice_on_a_page_have_two_ids() -> None:
    text = "\n\n".join([SENTENCE * 5] * 4)
    found = passages(document(text), overlap=0)
    assert len({passage.id for passage in found}) == len(found)


def test_a_long_document_is_cut_in_a_moment() -> None:
    text = "\n\n".join([SENTENCE * 6, KANJI_SENTENCE * 8, "- one item\n- another item"] * 300)
    started = time.process_time()
    found = passages(document(text), most=220, overlap=40)
    assert time.process_time() - started < 6
    assert len(found) > 300


texts = st.text(
    alphabet=st.sampled_from("ab cde. \n\n。、漢字かな!?1(「」)")
    | st.characters(codec="utf-8", exclude_categories=("Cs",)),
    max_size=400,
) | st.builds(
    "".join,
    st.lists(st.sampled_from([SENTENCE, KANJI_SENTENCE, "\n\n", "\n", "- item\n", "word", "x" * 90]), max_size=60),
)
documents = st.lists(
    st.tuples(texts, st.lists(st.tuples(st.integers(1, 4), st.integers(0, 400)), max_size=5)), max_size=3
)


def made(drawn: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> Parsed:
    headings = [
        sorted((Heading(level, f"H{start}", min(start, len(text))) for level, start in places), key=lambda h: h.start)
        for text, places in drawn
    ]
    return document(*(text for text, _ in drawn), headings=headings)


@given(documents, st.integers(8, 80), st.integers(0, 30))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_passages_are_runs_of_their_pages_that_cover_all_words(
    drawn: Sequence[tuple[str, Sequence[tuple[int, int]]]], most: int, overlap: int
) -> None:
    parsed = made(drawn)
    found = passages(parsed, most, overlap)
    covered = {page.number: [character.isspace() for character in page.text] for page in parsed.pages}
    for passage in found:
        assert passage.page is not None
        text = parsed.pages[passage.page - 1].text
        assert text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        covered[passage.page][passage.start : passage.end] = [True] * (passage.end - passage.start)
    assert all(all(marks) for marks in covered.values())
    assert [passage.ordinal for passage in found] == list(range(len(found)))
    assert len({passage.id for passage in found}) == len(found)
    places = [(passage.page, passage.start) for passage in found]
    assert places == sorted(places)


@given(documents, st.integers(8, 80), st.integers(0, 30))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_passage_has_more_tokens_than_allowed(
    drawn: Sequence[tuple[str, Sequence[tuple[int, int]]]], most: int, overlap: int
) -> None:
    for passage in passages(made(drawn), most, overlap):
        assert count([passage.text])[0] <= most


@pytest.mark.parametrize("cost", [1, 1_000])
def test_a_tokenizer_that_counts_oddly_does_not_go_on_for_ever(cost: int) -> None:
    def odd(texts: Sequence[str]) -> list[int]:
        return [cost * len(text) ** 2 for text in texts]

    found = cut(document("abc def. " * 8), version_id="v", count_tokens=odd, max_tokens=50, overlap_tokens=0)
    assert "".join(passage.text for passage in found).replace(" ", "") == "abcdef." * 8
