"""When a passage counts for a judgement, and what a gold set gives for a library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ManifestError
from kb.evaluation.government import Judgement, read_gold
from kb.text.normalise import squash

QUOTE = squash("consider and fully evaluate potential cloud solutions first")
JUDGEMENT = Judgement("cloud.md", QUOTE, 2)


def test_the_whole_quotation_counts():
    assert JUDGEMENT.holds(
        "cloud.md", squash("Departments should consider and fully evaluate\npotential cloud solutions first.")
    )


@pytest.mark.parametrize("start", range(0, len(QUOTE) // 2, 5))
def test_one_unbroken_half_counts_wherever_it_begins(start):
    half = QUOTE[start : start + len(QUOTE) // 2]
    assert JUDGEMENT.holds("cloud.md", f"before{half}after")


def test_less_than_half_does_not_count():
    assert not JUDGEMENT.holds("cloud.md", QUOTE[: len(QUOTE) // 2 - 1])


def test_two_short_parts_do_not_add_up():
    third = len(QUOTE) // 3
    assert not JUDGEMENT.holds("cloud.md", f"{QUOTE[:third]}#{QUOTE[-third:]}")


def test_the_same_words_in_another_document_do_not_count():
    assert not JUDGEMENT.holds("other.md", QUOTE)


def test_width_and_white_space_make_no_difference():
    judgement = Judgement("ja.md", squash("ＤＳ－920 の 第一候補"), 2)
    assert judgement.holds("ja.md", squash("標準DS-920\nの第 一候補とする"))


@given(st.text(alphabet="abcdef", min_size=2, max_size=30), st.data())
def test_any_part_at_least_half_as_long_counts(quote: str, data: st.DataObject):
    length = data.draw(st.integers(max(1, len(quote) // 2), len(quote)))
    start = data.draw(st.integers(0, len(quote) - length))
    assert Judgement("a", quote, 1).holds("a", quote[start : start + length])


def test_topics_that_cannot_be_answered_are_left_out(tmp_path):
    (tmp_path / "topics.tsv").write_text(
        "qid\tlang\tkind\tanswerable\tquery\n"
        'a\ten\tquestion\tyes\tthe "right" one\nb\tja\tquestion\tno\t宇宙\nc\ten\tquestion\tyes\tnot judged\n'
    )
    (tmp_path / "qrels.tsv").write_text(
        "qid\tpath\tpage\tquote\tgrade\na\tx.md\t\tSome  words\t2\na\ty.md\t3\tmore\t1\n"
    )
    (topic,) = read_gold(tmp_path)
    assert (topic.qid, topic.language, topic.query) == ("a", "en", 'the "right" one')
    assert topic.judgements == (Judgement("x.md", "Somewords", 2), Judgement("y.md", "more", 1))


def test_a_folder_without_topics_says_so(tmp_path):
    (tmp_path / "qrels.tsv").write_text("qid\tpath\tpage\tquote\tgrade\n")
    with pytest.raises(ManifestError, match=r"no topics\.tsv"):
        read_gold(tmp_path)
