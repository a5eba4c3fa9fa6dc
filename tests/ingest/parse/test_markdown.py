from __future__ import annotations

import pytest

from kb.errors import EmptyFileError, LimitExceededError, ManifestError
from kb.ingest.parse import markdown
from kb.ingest.parse.parsed import Limits, Parsed


def read(text: str, limits: Limits | None = None) -> Parsed:
    return markdown.parse(text.encode(), limits=limits or Limits(10, 100_000))


def body(text: str) -> str:
    return read(text).pages[0].text


def test_front_matter_is_metadata_and_not_text() -> None:
    parsed = read("---\ntitle: Make better use of data\ndateAdded: 2021-10-07\norganisation: DSA\n---\nYour plans.\n")
    assert (parsed.title, parsed.published, parsed.author) == ("Make better use of data", "2021-10-07", "DSA")
    assert parsed.front_matter["dateAdded"] == "2021-10-07"
    assert parsed.pages[0].text == "Your plans."
    assert not parsed.paged


@pytest.mark.parametrize("front", ["title: a: b", "- one\nkey: x", "title: !!python/object/apply:os.system [ls]"])
def test_front_matter_that_is_not_understood_is_an_error(front: str) -> None:
    with pytest.raises(ManifestError):
        read(f"---\n{front}\n---\ntext\n")


def test_two_rules_are_not_front_matter() -> None:
    assert body("---\nA text between rules\n---\nand after\n") == "A text between rules\n\nand after"


def test_headings_have_levels_places_and_no_ids() -> None:
    page = read("# Playbook {#top}\n\nIntro\n\n## Find users {#users}\n\nAsk.\n").pages[0]
    assert [(h.level, h.title, page.text[h.start :].split("\n")[0]) for h in page.headings] == [
        (1, "Playbook", "Playbook"),
        (2, "Find users", "Find users"),
    ]


def test_a_heading_without_its_space_is_still_one() -> None:
    assert [h.title for h in read("##Background\n\nText\n").pages[0].headings] == ["Background"]


def test_lists_tables_and_code_keep_their_lines() -> None:
    source = (
        "Use:\n\n- a\n- b\n  1. c\n  2. d\n\n| Term | Meaning |\n|---|---|\n| PMO | office |\n\n```\nx = 1\n  y\n```\n"
    )
    assert body(source).split("\n") == [
        "Use:",
        "- a",
        "- b",
        "1. c",
        "2. d",
        "Term | Meaning",
        "PMO | office",
        "",
        "x = 1",
        "  y",
    ]


def test_links_images_and_emphasis_leave_their_words() -> None:
    source = (
        "Read **the** [guide](https://example.org) ![diagram of steps](a.png) `code` <b>now</b>[^1].\n\n[^1]: A note.\n"
    )
    assert body(source) == "Read the guide diagram of steps code now.\n\nA note."


def test_english_lines_join_with_a_space_and_japanese_without() -> None:
    assert body("digital\nservices\n") == "digital services"
    assert body("行政の\n手続\n") == "行政の手続"


def test_template_tags_are_dropped_outside_code() -> None:
    source = (
        '{% from "x.njk" import y %}\n\n{{ button({\n  text: "Go",\n  href: "/a"\n}) }}\n\nText{: .lead}\n\n'
        "$CTA\nApply now\n$CTA\n\n```\n{{ kept }}\n```\n"
    )
    assert body(source) == "Text\n\nApply now\n\n{{ kept }}"


def test_html_in_markdown_leaves_its_words() -> None:
    source = "<div>\n<table><tr><td>区分</td><td>説明</td></tr></table>\n</div>\n\n<!-- no -->\n\n本文\n"
    assert body(source) == "区分 | 説明\n\n本文"


def test_the_title_falls_back_to_the_first_outermost_heading() -> None:
    assert read("## Part\n\n# Whole\n\ntext").title == "Whole"


def test_no_words_and_too_many_are_refused() -> None:
    with pytest.raises(EmptyFileError):
        read("---\ntitle: x\n---\n\n![](a.png)\n")
    with pytest.raises(LimitExceededError):
        read("word " * 100, Limits(10, 100))


def test_a_task_has_a_box_in_place_of_its_brackets() -> None:
    source = "- [ ] Ask users\n- [x] Publish\n- [ ](https://example.org) no task\n- see [ ] there\n\n[ ] a paragraph\n"
    assert body(source).split("\n") == [
        "- ☐ Ask users",
        "- ☑ Publish",
        "- no task",
        "- see [ ] there",
        "",
        "[ ] a paragraph",
    ]
