"""Links of a body are found in every form, and renamed to the byte; what only looks like a link stays."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.playbook.links import Link, links, renamed, renamed_heading

ORIGIN = "https://kb.example"


def told(body: str, **options: str) -> list[tuple[str, str, str, str]]:
    return [(link.kind, link.target, link.fragment, link.words) for link in links(body, **options)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[[cloud]]", ("page", "cloud", "", "")),
        ("[[teams/service#one]]", ("page", "teams/service", "one", "")),
        ("[[cloud|the クラウド]]", ("page", "cloud", "", "the クラウド")),
        ("[[cloud#one|words]]", ("page", "cloud", "one", "words")),
        ("[[#one]]", ("page", "", "one", "")),
        ("[[ cloud # one ]]", ("page", "cloud", "one", "")),
        ("[[A page nobody wrote]]", ("page", "A page nobody wrote", "", "")),
        ("[[cite:3f0a~12_b.c-d]]", ("cite", "3f0a~12_b.c-d", "", "")),
        ("[[none:2026-11-25|cloud 予算]]", ("none", "2026-11-25", "", "cloud 予算")),
        ("| a |\n|---|\n| [[cloud\\|words]] |\n", ("page", "cloud", "", "words")),
        ("[words](/playbook/cloud)", ("page", "cloud", "", "words")),
        ("[w](/playbook/a/b?lang=ja#one)", ("page", "a/b", "one", "w")),
        ("[w](</playbook/cloud#one> 'title')", ("page", "cloud", "one", "w")),
        ("[w](/wiki?page=cloud)", ("page", "cloud", "", "w")),
        ("[w](/wiki?lang=ja&page=a%2Fb&x=1#one)", ("page", "a/b", "one", "w")),
        ("[w](/wiki?lang=ja&amp;page=cloud)", ("page", "cloud", "", "w")),
        ("[w](#one)", ("page", "", "one", "w")),
        ("[w](/c/abc~1?lang=en)", ("passage", "abc~1", "", "w")),
        ("[w](https://www.gov.uk/a_(b)?c=d#e)", ("address", "https://www.gov.uk/a_(b)?c=d#e", "", "w")),
        ("[w](/playbook/images/abc.png)", ("address", "/playbook/images/abc.png", "", "w")),
        ("![alt](/playbook/images/abc.png)", ("image", "/playbook/images/abc.png", "", "alt")),
        ("<https://www.gov.uk/a>", ("address", "https://www.gov.uk/a", "", "https://www.gov.uk/a")),
        ("> [label]: /playbook/cloud#one\n>   'title'", ("page", "cloud", "one", "label")),
        ("[a [b] c](/playbook/cloud)", ("page", "cloud", "", "a [b] c")),
        ("`` ` `` [[cloud]] `", ("page", "cloud", "", "")),
        ("\\\\[[cloud]]", ("page", "cloud", "", "")),
        (":::note See [[cloud]]\n:::", ("page", "cloud", "", "")),
        ("[^1]: See [[cloud]]", ("page", "cloud", "", "")),
        ("| ` | [[cloud]] | ` |\n|---|---|---|\n", ("page", "cloud", "", "")),
    ],
)
def test_a_link_is_found_in_every_form(body, expected):
    assert told(body) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "`[[cloud]]`",
        "`` ` [[cloud]] ``",
        "```\n[[cloud]]\n```",
        "- a\n\n      [[cloud]]\n",
        "    [w](/playbook/cloud)",
        "~~~\n[a]: /playbook/cloud",
        "\\[[cloud]]",
        "\\[w](/playbook/cloud)",
        "[[]]",
        "[[ ]]",
        "[[cite:no spaces]]",
        "[[none:yesterday|query]]",
        "[[clo\nud]]",
        "[w] (/playbook/cloud)",
        "[w](/playbook/cloud and more)",
        "[w\n\n](/playbook/cloud)",
        "| a | b |\n|---|---|\n| [w | x](/playbook/cloud) |\n",
    ],
)
def test_what_only_looks_like_a_link_is_none(body):
    assert told(body) == []
    assert renamed(body, "cloud", "sky") == body


def test_addresses_of_our_own_service_count_if_it_is_named():
    body = f"[w]({ORIGIN}/playbook/cloud#one) <{ORIGIN}/wiki?page=cloud> [o](https://www.gov.uk/playbook/cloud)"
    assert [kind for kind, *_ in told(body)] == ["address"] * 3
    assert [kind for kind, *_ in told(body, origin=ORIGIN)] == ["page", "page", "address"]
    assert renamed(body, "cloud", "sky", origin=f"{ORIGIN}/") == body.replace("/cloud#", "/sky#").replace(
        "=cloud", "=sky"
    )


def test_an_image_in_a_link_and_a_link_beside_it_are_each_found():
    body = "[![alt](/a.png)](/playbook/cloud) [x [y](/playbook/one) z](/playbook/two)"
    assert [(link.kind, link.target) for link in links(body)] == [
        ("page", "cloud"),
        ("image", "/a.png"),
        ("page", "one"),
    ]


def test_a_link_knows_where_it_stands():
    body = "Før [[cloud#one|w]] og\r\n[w](/playbook/cloud#one)"
    for link in links(body):
        assert body[slice(*link.target_at)] == "cloud"
        assert body[slice(*link.fragment_at)] == "one"
    assert [body[link.start : link.end] for link in links(body)] == ["[[cloud#one|w]]", "[w](/playbook/cloud#one)"]


def test_a_page_is_renamed_in_every_form():
    body = (
        "[[cloud]] [[cloud#cloud|cloud]] [[cloudy]] cloud `[[cloud]]` [cloud](/playbook/cloud?lang=ja#cloud 'cloud')\n"
        "![cloud](cloud) [w](/wiki?page=cloud&lang=ja) [[cite:cloud]] [w](/playbook/cloud/more)\n\n"
        "[cloud]: /playbook/cloud\n"
    )
    assert renamed(body, "cloud", "a/b") == (
        "[[a/b]] [[a/b#cloud|cloud]] [[cloudy]] cloud `[[cloud]]` [cloud](/playbook/a/b?lang=ja#cloud 'cloud')\n"
        "![cloud](cloud) [w](/wiki?page=a/b&lang=ja) [[cite:cloud]] [w](/playbook/cloud/more)\n\n"
        "[cloud]: /playbook/a/b\n"
    )


def test_a_slug_quoted_in_a_query_stays_quoted():
    assert renamed("[w](/wiki?page=a%2Fb#c)", "a/b", "d/e") == "[w](/wiki?page=d%2Fe#c)"


def test_a_heading_is_renamed_on_its_page_only():
    body = "[[cloud#one]] [[other#one]] [[#one]] [w](#one) [w](/playbook/cloud#one) [[cloud#two]]"
    assert renamed_heading(body, "cloud", "one", "uno") == (
        "[[cloud#uno]] [[other#one]] [[#one]] [w](#one) [w](/playbook/cloud#uno) [[cloud#two]]"
    )
    assert renamed_heading(body, "", "one", "uno") == (
        "[[cloud#one]] [[other#one]] [[#uno]] [w](#uno) [w](/playbook/cloud#one) [[cloud#two]]"
    )


MARKUP = (
    *(
        "[[cloud]]",
        "[[cloud#one|w]]",
        "[[#one]]",
        "[[a/b\\|w]]",
        "[w](/playbook/cloud#one)",
        "[w](",
        "/playbook/a/b",
        ")",
    ),
    *(
        "[x]: /playbook/cloud",
        "<https://kb.example/playbook/cloud>",
        "![a](",
        "/wiki?page=cloud",
        "[[cite:a~1]]",
        "<",
        ">",
    ),
    *(
        "`",
        "``",
        "```",
        "\\",
        "[",
        "]",
        "[[",
        "]]",
        "|",
        "\n",
        "\n\n",
        "\r\n",
        "    ",
        "- ",
        "> ",
        "| a | b |",
        "|---|---|",
    ),
    *("word", "クラウド", " ", "\t", "(", '"', "[^1]: ", ":::note ", "# ", "\0", "\ufffc"),
)
BODIES = st.lists(st.sampled_from(MARKUP), max_size=25).map("".join) | st.text()
OURS = {"origin": ORIGIN}


@settings(max_examples=500, deadline=None)
@given(BODIES)
def test_renaming_there_and_back_is_no_change(body):
    there = renamed(body, "cloud", "new/name", **OURS)
    assert renamed(there, "new/name", "cloud", **OURS) == body
    there = renamed_heading(body, "cloud", "one", "new-id", **OURS)
    assert renamed_heading(there, "cloud", "new-id", "one", **OURS) == body


@settings(max_examples=500, deadline=None)
@given(BODIES)
def test_after_renaming_the_same_links_lead_to_the_new_name(body):
    def bare(link: Link) -> Link:
        words = "" if link.words.startswith("https:") else link.words
        return replace(link, start=0, end=0, target_at=(0, 0), fragment_at=(0, 0), words=words.replace("cloud", "sky"))

    before = [bare(link) for link in links(body, **OURS)]
    after = [bare(link) for link in links(renamed(body, "cloud", "sky", **OURS), **OURS)]
    assert after == [
        replace(link, target="sky") if (link.kind, link.target) == ("page", "cloud") else link for link in before
    ]


@settings(max_examples=300, deadline=None)
@given(BODIES)
def test_a_body_without_links_to_a_page_is_untouched(body):
    assume("elsewhere" not in body)
    assert renamed(body, "elsewhere", "sky", **OURS) == body
    assert renamed_heading(body, "elsewhere", "one", "two", **OURS) == body


@settings(max_examples=300, deadline=None)
@given(BODIES)
def test_links_lie_within_the_body(body):
    for link in links(body):
        assert 0 <= link.start < link.end <= len(body)
        assert all(link.start <= start <= end <= link.end for start, end in (link.target_at, link.fragment_at))


@pytest.mark.parametrize("part", ["[", "[[a", "[a](", "`", "`a``", '[a](b "', "](", "<https://", "[[a|\\", "| [[a]] "])
def test_a_long_body_of_any_sort_is_read_in_time(part):
    began = time.perf_counter()
    links(part * (60_000 // len(part)))
    assert time.perf_counter() - began < 5
