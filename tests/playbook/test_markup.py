"""What the text of a page may hold beyond plain Markdown."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup

from kb.html.playbook_links import PERMANENT, Links
from kb.i18n import Texts
from kb.playbook.heading_ids import is_reserved
from kb.playbook.pages import Playbook
from kb.playbook.render import AsWritten, Note, PageLink, headings, render

IMAGE = "/playbook/images/0123456789abcdef.png"


@pytest.fixture(autouse=True)
def book(store, write) -> Playbook:
    """A playbook of two pages, in which the pages of these tests stand."""
    write("cloud", "## The rule {#rule}\n")
    write("teams/data", "## The rule {#rule}\n", language="ja", title="データ")
    made.append(Playbook(store))
    yield made[-1]
    made.clear()


made: list[Playbook] = []


def rendered(body: str, language="en"):
    t = Texts(language)
    return render(body, resolve=Links(t, PERMANENT, made[-1]), t=t)


def soup(body: str, language="en") -> BeautifulSoup:
    found = rendered(body, language)
    parts = [f"<h2>{heading.title}{heading.marks}</h2>{html}" for heading, html in found.sections]
    return BeautifulSoup(str(found.lead) + "".join(parts), "lxml")


@pytest.mark.parametrize(
    ("written", "words", "href"),
    [
        ("[[cloud]]", "Cloud", "/playbook/cloud?lang=en"),
        ("[[ cloud ]]", "Cloud", "/playbook/cloud?lang=en"),
        ("[[cloud#rule]]", "Cloud: The rule", "/playbook/cloud?lang=en#rule"),
        ("[[cloud|what we know]]", "what we know", "/playbook/cloud?lang=en"),
        ("[[cloud#rule|it]]", "it", "/playbook/cloud?lang=en#rule"),
        ("[[#here]]\n\n## Here it is {#here}", "Here it is", "#here"),
        ("[[#here|up]]\n\n## Here it is {#here}", "up", "#here"),
    ],
)
def test_a_page_is_linked_by_its_slug_and_shown_by_its_title(written, words, href):
    link = soup(written).a
    assert (link.get_text(), link["href"]) == (words, href)
    assert "class" not in link.attrs


def test_the_title_of_a_page_in_the_other_language_says_so():
    assert soup("[[teams/data]]").a["lang"] == "ja"
    assert "lang" not in soup("[[teams/data|data]]").a.attrs


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[[nowhere]]", "nowhere (this page does not exist yet)"),
        ("[[cloud#gone]]", "Cloud: gone (the page has no such heading)"),
        ("[[#gone]]", "gone (the page has no such heading)"),
    ],
)
def test_what_is_missing_is_marked_and_said(written, words):
    wanted = soup(written).select_one(".kb-wanted")
    assert wanted.get_text() == words
    assert wanted.select_one(".kb-hidden")


def test_a_missing_page_leads_to_where_it_can_be_begun():
    t = Texts("ja")
    link = BeautifulSoup(str(render("[[nowhere]]", resolve=Links(t, PERMANENT, made[-1]), t=t).lead), "lxml").a
    assert link["href"] == "/pages/new?slug=nowhere&lang=ja"
    assert link["class"] == ["kb-wanted"]
    assert "data-nav" not in link.attrs
    assert "このページはまだありません" in link.get_text()


@pytest.mark.parametrize(
    "written", ["[[Cloud]]", "[[]]", "[[a//b]]", "[[-a]]", "[[none:2026-13-01|x]]", "[[cite:a b]]", "\\[[cloud]]"]
)
def test_brackets_that_mean_nothing_stay(written):
    assert soup(written).get_text().strip() == written.replace("\\", "")
    assert not soup(written).a


def test_code_keeps_its_brackets():
    assert soup("`[[cloud]]`").code.get_text() == "[[cloud]]"
    assert soup("```\n[[cloud|x]] [[cite:a]]\n```").code.get_text() == "[[cloud|x]] [[cite:a]]\n"


def test_the_links_of_a_page_are_listed_once():
    links = rendered("[[cloud]] [[cloud|x]] [[cloud#gone]] [[nowhere]] [[#z]]\n\n## A [[teams/data]]\n").links
    assert list(links) == [
        PageLink("teams/data"),
        PageLink("cloud"),
        PageLink("cloud", "gone", is_missing_heading=True),
        PageLink("nowhere", is_missing=True),
        PageLink("", "z", is_missing_heading=True),
    ]


def test_a_passage_has_one_number_and_each_citation_its_own_place():
    body = "One [[cite:ab~1]], two [[cite:cd~2]], one [[cite:ab~1]].\n\n## Then [[cite:ef~3]]\n\n[[cite:cd~2]]\n"
    found = rendered(body)
    assert list(found.notes) == [Note(1, "ab~1", 2), Note(2, "cd~2", 2), Note(3, "ef~3", 1)]
    assert found.notes[0].marks == ["cite-1", "cite-1-2"]
    assert found.headings[0].title == "Then"
    links = soup(body).select(".kb-cite a")
    assert [link.get_text() for link in links] == ["1", "2", "1", "3", "2"]
    assert [link["id"] for link in links] == ["cite-1", "cite-2", "cite-1-2", "cite-3", "cite-2-2"]
    assert links[0]["href"] == "#note-1"
    assert links[0]["aria-label"] == "Source 1"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Nothing found (checked on 25 November 2026): what was searched for “cloud first”"),
        ("ja", "該当なし（2026年11月25日に確認）：「cloud first」の検索記録"),
    ],
)
def test_what_was_not_found_says_when_it_was_looked_for_and_leads_to_the_search(language, words):
    cell = soup("| a |\n|---|\n| [[none:2026-11-25|cloud first]] |\n", language).td
    assert cell.get_text() == words
    assert cell.a["href"] == f"/pages/search?q=cloud+first&on=2026-11-25&lang={language}"


def test_words_of_a_link_do_not_divide_a_cell():
    table = soup("| a | b |\n|---|---|\n| [[cloud|x]] | [[cloud\\|y]] |\n| c \\| d | e |\n").table
    assert [cell.get_text() for cell in table.select("td")] == ["x", "y", "c | d", "e"]


def test_a_table_can_be_scrolled_with_the_keyboard_and_has_a_name():
    regions = soup("| a |\n|--:|\n| b |\n\n| c |\n|---|\n").select("[role=region][tabindex='0']")
    assert [region["aria-label"] for region in regions] == ["Table 1", "Table 2"]
    assert regions[0].td["class"] == ["kb-align-right"]
    assert regions[0].th["scope"] == "col"


@pytest.mark.parametrize(
    ("kind", "english", "japanese"),
    [
        ("note", "Note", "補足"),
        ("tip", "Tip", "ヒント"),
        ("important", "Important", "重要"),
        ("warning", "Warning", "注意"),
    ],
)
def test_a_remark_says_its_kind_in_words(kind, english, japanese):
    body = f":::{kind} Costs\nSome **text**.\n\n- [[cloud]]\n:::\n"
    remark = soup(body).select_one(f".kb-admonition-{kind}[role=note]")
    assert remark.select_one(".kb-admonition-title").get_text() == f"{english}: Costs"
    assert remark.strong.get_text() == "text"
    assert remark.li.a
    assert soup(body, "ja").select_one(".kb-admonition-title").get_text() == f"{japanese}：Costs"
    assert soup(f":::{kind}\nx\n:::").select_one(".kb-admonition-title").get_text() == english


def test_remarks_nest_and_unknown_ones_stay_text():
    assert len(soup("::::note\n:::tip\nx\n:::\n::::\n").select(".kb-admonition .kb-admonition")) == 1
    assert soup(":::danger\nx\n:::").p.get_text() == ":::danger\nx\n:::"


def test_an_image_of_ours_is_shown_with_its_words_and_caption():
    shown = soup(f'![A *tower*]({IMAGE} "Where it stands")')
    assert shown.img.attrs == {"src": IMAGE, "alt": "A tower", "loading": "lazy", "decoding": "async"}
    assert shown.figure.figcaption.get_text() == "Where it stands"
    assert not soup(f"![A tower]({IMAGE})").figure
    assert soup(f'text ![A tower]({IMAGE} "x")').p.img["title"] == "x"


def test_an_image_whose_size_is_known_keeps_its_room():
    @dataclass(frozen=True)
    class Sized(AsWritten):
        def image_size(self, name):
            return {"0123456789abcdef.png": (640, 480)}.get(name)

    shown = BeautifulSoup(str(render(f"![x]({IMAGE})", resolve=Sized()).lead), "lxml")
    assert (shown.img["width"], shown.img["height"]) == ("640", "480")


@pytest.mark.parametrize(
    ("written", "words", "remark"),
    [
        ("![A tower](https://www.gov.uk/x.png)", "A tower", "has to be uploaded"),
        ("![A tower](/d/x)", "A tower", "has to be uploaded"),
        (f"![]({IMAGE})", "Image", "describe in words"),
        (f"![ ]({IMAGE})", "Image", "describe in words"),
    ],
)
def test_any_other_image_is_a_link_with_a_remark(written, words, remark):
    shown = soup(written)
    assert not shown.img
    assert shown.a.get_text() == words
    assert remark in shown.select_one(".kb-remark").get_text()


@pytest.mark.parametrize(
    "address",
    [
        "https://www.gov.uk/a?b=c#d",
        "http://example.com",
        "mailto:a@b.example",
        "/d/x?lang=en",
        "#here",
        "https://日本.example/",
    ],
)
def test_addresses_of_the_web_of_mail_and_of_ours_are_links(address):
    link = soup(f"[x]({address})").a
    assert (link.get("rel") == ["noopener", "noreferrer"]) == address.startswith("http")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:x",
        "JaVaScRiPt&colon;x",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "ftp://a.b",
        "a",
        "https://a@b.c",
    ],
)
def test_other_addresses_are_none(address):
    assert not soup(f"[x]({address})").a
    assert not soup(f"[x]\n\n[x]: {address}").a
    assert not soup(f"<{address}>").a


def test_a_link_holds_no_other():
    for inner in ("[[cloud]]", "[[cite:a]]", "<https://a.example>", "![x](/d/y)", "[^1]"):
        shown = soup(f"[a {inner} b](/d/x)\n\n[^1]: x\n")
        assert not shown.select("p a a"), inner


def test_tasks_say_whether_they_are_done():
    boxes = soup("- [x] one\n- [ ] two **b**\n").select("li.task-list-item input[disabled]")
    assert [(box["aria-label"], box.has_attr("checked")) for box in boxes] == [("Done", True), ("Not done yet", False)]
    assert boxes[1].parent.get_text() == " two b"


def test_footnotes_lead_there_and_back():
    shown = soup("One[^1], two[^b], one[^1].\n\n## kb-footnote-1\n\n[^1]: First.\n[^b]: Second.\n")
    assert [link["href"] for link in shown.select("p > sup a")] == [
        "#kb-footnote-1",
        "#kb-footnote-2",
        "#kb-footnote-1",
    ]
    ids = [each["id"] for each in shown.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {link["href"] for link in shown.select(".footnotes a")} <= {f"#{each}" for each in ids}
    assert shown.select_one("section.footnotes")["aria-label"] == "Footnotes"


def test_a_footnote_in_a_footnote_does_not_tear_the_page_apart():
    html = str(rendered("x[^1]\n\n[^1]: > [^2]: y\n").lead)
    assert html.count("<blockquote>") == html.count("</blockquote>") == 1


def test_code_names_its_language_and_nothing_else():
    assert soup("```python x=y\na\n```").code["class"] == ["language-python"]
    assert not soup('```"><b>\na\n```').code.attrs
    assert soup("```\na\n```").pre["tabindex"] == "0"


def test_a_diagram_is_drawn_or_shown_as_it_is_written():
    assert soup("```mermaid\ngraph LR\nA --> B\n```").svg
    shown = soup("```mermaid\npie\n```")
    assert shown.code.get_text() == "pie\n"
    assert "Only flowcharts can be drawn" in shown.select_one(".kb-remark").get_text()


def test_headings_leave_the_ids_of_the_page_alone():
    ids = [heading.id for heading in headings("# Content\n# x {#kb-top}\n# y {#note-1}\n# Note taking\n# z {#root}\n")]
    assert ids == ["section-content", "section-kb-top", "section-note-1", "note-taking", "section-root"]
    assert not any(is_reserved(each) for each in ids)


def test_an_id_that_is_written_out_comes_before_one_made_of_words():
    assert [heading.id for heading in headings("## One\n\n## Two {#one}\n")] == ["one-2", "one"]


def test_headings_are_read_as_they_are_rendered():
    body = "## A [[cloud]] {#a}\n\n> # not this\n\n## `{#b}`\n\n### c\n"
    found = rendered(body)
    assert [(each.title, each.id) for each in found.headings] == [("A Cloud", "a"), ("{#b}", "b"), ("c", "c")]
    assert [each.id for each in headings(body)] == ["a", "b", "c"]
    assert "<h1" not in str(found.sections[0][1])
