"""What changed between two editions, in both languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.library.comparison import Comparison, compare
from kb.library.sections import sections_of, title_key
from kb.model.passages import Page, PlacedHeading
from kb.text.language import language_of

EN = """# Service manual
How to build services.

## Users
Talk to users before you build anything. Do it again every two weeks.
Write down what they say and show it to the whole team.

## Hosting
Departments should consider and fully evaluate potential cloud solutions first.
Data must be kept in the United Kingdom unless there is a good reason.

## Security
Every service has an owner who accepts its risks in writing.
Penetration tests are run before a service becomes public.
"""

JA = """# サービス設計の手引
サービスの設計に当たって守るべき事項を示す。

## 利用者
開発を始める前に、利用者の声を聴く。これを2週間ごとに繰り返す。
聴き取った内容は記録し、チーム全体で共有する。

## 環境
政府情報システムは、クラウドサービスの利用を第一候補として検討する。
データは、特別な理由がない限り国内に保管しなければならない。

## 安全
全てのサービスに責任者を置き、責任者が書面でリスクを受容する。
公開前に、必ず侵入テストを実施しなければならない。
"""


def document(*pages: str) -> tuple[list[Page], list[PlacedHeading]]:
    """Pages and outline of a text in which lines that begin with # are headings."""
    made, outline = [], []
    for number, page in enumerate(pages, 1):
        text = ""
        for line in page.split("\n"):
            title = line.lstrip("# ") if line.startswith("#") else ""
            if title:
                outline.append(PlacedHeading(len(line) - len(line.lstrip("#")), title, number, len(text)))
            text += (title or line) + "\n"
        made.append(Page(number, text, language_of(text)))
    return made, outline


def compared(before, after) -> Comparison:
    first, second = (document(*([each] if isinstance(each, str) else each)) for each in (before, after))
    return compare(first[0], second[0], outline_before=first[1], outline_after=second[1])


def kinds(found: Comparison) -> dict[str, str]:
    return {(each.after or each.before).title: each.kind for each in found.sections}


def paragraphs(found: Comparison, kind: str):
    return [each for section in found.sections for each in section.paragraphs if each.kind == kind]


@pytest.mark.parametrize("text", [EN, JA])
def test_the_same_text_shows_no_change_however_it_is_broken_into_lines_and_pages(text):
    head, users, hosting, security = text.split("\n\n")
    pages = [f"{head}\n{users}", f"{hosting}\n\n\n{security}"]
    for after in (text, pages):
        found = compared(text, after)
        assert set(kinds(found).values()) == {"same"}
        assert found.same_share == 1.0


def test_a_sentence_that_a_page_breaks_is_one_paragraph():
    before = "# Plan\nEvery department publishes its plan in spring and reports on it in autumn."
    after = ["# Plan\nEvery department publishes its plan in spring", "and reports on it in autumn."]
    assert kinds(compared(before, after)) == {"Plan": "same"}
    japanese = "# 計画\n各府省は、春に計画を公表し、秋にその実施状況を報告しなければならない。"
    broken = ["# 計画\n各府省は、春に計画を公表し、秋にその実施状況を", "報告しなければならない。"]
    assert kinds(compared(japanese, broken)) == {"計画": "same"}


@pytest.mark.parametrize(
    ("text", "old", "new", "title", "removed", "added"),
    [
        (EN, "should consider and fully", "must always", "Hosting", "should consider and fully", "must always"),
        (JA, "第一候補として検討する", "原則とする", "環境", "第一候補として検討", "原則と"),
    ],
)
def test_changed_words_are_told_in_their_section(text, old, new, title, removed, added):
    found = compared(text, text.replace(old, new))
    assert [name for name, kind in kinds(found).items() if kind != "same"] == [title]
    (each,) = paragraphs(found, "changed")
    told = {kind: "".join(s.text for s in each.segments if s.kind == kind) for kind in ("removed", "added")}
    assert told["removed"].strip() == removed
    assert told["added"].strip() == added


@pytest.mark.parametrize(("text", "title"), [(EN, "Security"), (JA, "安全")])
def test_sections_are_added_and_removed(text, title):
    without = text[: text.index(f"## {title}")]
    assert kinds(compared(text, without))[title] == "removed"
    assert kinds(compared(without, text))[title] == "added"
    assert compared(text, without).counts == {"same": 3, "removed": 1}


@pytest.mark.parametrize(("text", "title"), [(EN, "Security"), (JA, "安全")])
def test_a_section_that_moves_is_not_removed_and_added(text, title):
    head, users, hosting, security = text.strip().split("\n\n")
    found = compared(text, "\n\n".join([head, security, users, hosting]))
    assert found.counts == {"same": 3, "moved": 1}
    assert kinds(found)[title] == "moved"


@pytest.mark.parametrize(
    ("text", "old", "new"), [(EN, "## Hosting", "## 2. Where services run"), (JA, "## 環境", "## 第2章 稼働場所")]
)
def test_a_section_is_known_by_its_words_when_its_heading_changes(text, old, new):
    found = compared(text, text.replace(old, new))
    (changed,) = [each for each in found.sections if each.kind != "same"]
    assert (changed.kind, changed.renamed) == ("changed", True)
    assert found.same_share == 1.0


def test_a_heading_without_a_text_is_known_by_its_words():
    text = "# 行政データ連携の推進\n## 標準の普及\n標準を定め、普及を図る。\n# 実施体制\n## 会議\n会議を開く。"
    found = compared(text, text.replace("連携の推進", "連携の加速"))
    assert found.counts == {"same": 3, "changed": 1}
    assert [each.renamed for each in found.sections] == [True, False, False, False]


def test_a_new_number_before_a_heading_is_a_new_heading_of_the_same_section():
    found = compared(EN, EN.replace("## Hosting", "## 3.2 Hosting"))
    assert found.counts == {"same": 3, "changed": 1}
    assert [title_key(each) for each in ("3.2 Hosting", "第3章　環境", "(2) 安全", "IV. Users")] == [
        *("hosting", "環境", "安全", "users")
    ]


@pytest.mark.parametrize(
    ("text", "line", "whither"),
    [
        (EN, "Data must be kept in the United Kingdom unless there is a good reason.\n", "Every service has"),
        (JA, "データは、特別な理由がない限り国内に保管しなければならない。\n", "全てのサービスに"),
    ],
)
def test_a_paragraph_that_moves_to_another_section_is_told_in_both(text, line, whither):
    found = compared(text, text.replace(line, "").replace(whither, line + whither))
    here, trace = sorted(paragraphs(found, "moved"), key=lambda each: each.is_trace)
    assert (here.after.text, trace.is_trace) == (line.strip(), True)
    assert not paragraphs(found, "removed")
    assert not paragraphs(found, "added")
    titles = [section.title for section in sections_of(*document(text))]
    assert (here.elsewhere[-1], trace.elsewhere[-1]) == (titles[2], titles[3])
    assert found.same_share == 1.0


def test_a_paragraph_that_is_broken_in_two_is_the_same_words():
    after = EN.replace("build anything. Do it", "build anything.\nDo it")
    assert compared(EN, after).counts == {"same": 4}
    found = compared(EN, after.replace("every two weeks", "every single week"))
    (each,) = paragraphs(found, "changed")
    assert "".join(s.text for s in each.segments if s.kind == "removed") == "two weeks"


def test_headings_that_only_one_edition_has_do_not_make_everything_new():
    plain = "\n".join(line for line in EN.split("\n") if not line.startswith("#"))
    found = compared(EN, plain)
    assert not found.headed
    assert found.paragraph_counts["same"] == 7
    assert found.paragraph_counts["removed"] == 4  # the headings themselves


def test_other_documents_have_nothing_in_common():
    found = compared(EN, "# Harbours\nShips come and go with the tide.\nGulls watch them.")
    assert found.same_share == 0.0
    assert set(found.counts) == {"removed", "added"}


def test_an_empty_edition_is_no_error():
    assert compared("", "").sections == ()
    assert set(compared("", EN).counts) == {"added"}
    assert compare([], [], outline_before=[], outline_after=[]).same_share == 1.0


LINES = st.lists(st.sampled_from([*EN.split("\n"), *JA.split("\n"), "# A", "## B", "x", "Yes", "はい"]), max_size=14)


@settings(max_examples=150, deadline=None)
@given(LINES, LINES)
def test_every_paragraph_of_either_edition_is_told_once(before, after):
    found = compared("\n".join(before), "\n".join(after))
    for side, lines in (("before", before), ("after", after)):
        told = [
            line
            for section in found.sections
            for each in section.paragraphs
            if getattr(each, side) and (not each.is_trace if side == "after" else each.is_trace or each.kind != "moved")
            for line in getattr(each, side).text.split("\n")
        ]
        titles = [getattr(section, side).title for section in found.sections if getattr(section, side)]
        written = [line.lstrip("# ").strip() for line in lines if line.strip()]
        assert sorted([*told, *filter(None, titles)]) == sorted(written)


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_nothing_changes_between_a_text_and_itself(lines):
    assert set(compared("\n".join(lines), "\n".join(lines)).counts) <= {"same"}


def test_three_hundred_pages_of_which_much_changed_are_compared_in_seconds():
    sentence = "In year {n} department {m} reports on measure {n}.{m} and its cost of {k} pounds to the public. "
    pages = [
        f"# Chapter {n}\n" + "\n".join(sentence.format(n=n, m=m, k=n * m % 97) * 2 for m in range(9))
        for n in range(1, 301)
    ]
    changed = [
        page.replace("reports on", "must report on") if n % 3 == 0 else page for n, page in enumerate(pages) if n % 10
    ]
    begin = time.process_time()
    found = compared(pages, changed[50:] + changed[:50])
    assert time.process_time() - begin < 20
    assert found.counts["removed"] == 30
    assert found.counts["changed"] == 90
    assert found.counts["moved"] + found.counts["same"] == 180
