"""Whatever an author writes, and wherever, a page holds only what we put there, and is made in bounded time."""

from __future__ import annotations

import re
import time
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlsplit

import lxml.html
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from playbook.attack_strings import ATTACKS

from kb.html import playbook as views
from kb.html.playbook_links import IN_THE_APP, PERMANENT
from kb.i18n import Texts
from kb.model.playbook import Revision, WikiPage
from kb.playbook.pages import FoundPage, PlaybookEntry, PlaybookPage

PAGE = "## Heading {{#heading}}\n\n{}\n\nwords after\n"
POSITIONS = {
    "title": None,
    "summary": None,
    "body": "{}",
    "sentence": "before {} after",
    "heading": "## {}\n\n### {}\n",
    "heading id": "## x {{#{}}}\n",
    "heading with source": "## {} [[cite:a]][^1]\n\n[^1]: {}\n",
    "link text": "[{}](/d/x)",
    "link target": "[x]({})",
    "link target in brackets": "[x](<{}>)",
    "link title": '[x](/d/x "{}")',
    "reference": "[x]\n\n[x]: {} '{}'\n",
    "bare link": "<{}>",
    "image words": "![{}](/playbook/images/0123456789abcdef.png)",
    "image target": "![x]({})",
    "image title": "![x](/playbook/images/0123456789abcdef.png '{}')",
    "table": "| a | {} |\n|---|:-:|\n| {} | b |\n",
    "list": "- {}\n- [x] {}\n",
    "quotation": "> {}\n",
    "fence": "```\n{}\n```",
    "fence language": "``` {}\nx\n```",
    "code": "`{}`",
    "diagram": "```mermaid\n{}\n```",
    "diagram box": 'x\n\n```mermaid\ngraph LR\nA["{}"] --> B({})\n```',
    "diagram label": "```mermaid\ngraph TD\nA -->|{}| B\nB -- {} --> C\n```",
    "diagram name": "```mermaid\ngraph TD\nA --> {}\n```",
    "admonition": ":::note\n{}\n:::",
    "admonition title": ":::warning {}\nx\n:::",
    "admonition kind": ":::{}\nx\n:::",
    "footnote": "x[^1]\n\n[^1]: {}\n",
    "footnote label": "x[^{}]\n\n[^{}]: y\n",
    "page link": "[[{}]]",
    "page link heading": "[[cloud#{}]] [[#{}]]",
    "page link words": "[[cloud|{}]] [[missing|{}]]",
    "source": "[[cite:{}]]",
    "nothing found": "[[none:2026-11-25|{}]]",
    "nothing found on": "[[none:{}|x]]",
}

_COMMON = {"class", "id", "lang", "tabindex", "role", "aria-label", "aria-labelledby"}
ALLOWED: dict[str, set[str]] = {
    **{
        name: set() for name in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "li", "blockquote", "pre", "code", "em")
    },
    **{name: set() for name in ("strong", "s", "sup", "hr", "br", "div", "section", "article", "nav", "table")},
    **{
        name: set()
        for name in ("thead", "tbody", "tr", "td", "figure", "figcaption", "details", "summary", "g", "title")
    },
    "ol": {"start"},
    "span": {"data-label"},
    "th": {"scope"},
    "a": {"href", "rel", "title", "data-nav", "hreflang"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "input": {"type", "checked", "disabled", "name", "value"},
    "button": {"type", "data-copy", "data-copied", "name", "value"},
    "form": {"method", "action"},
    "svg": {"viewbox", "width", "height", "xmlns"},
    "path": {"d"},
    "rect": {"x", "y", "width", "height", "rx"},
    "circle": {"cx", "cy", "r"},
    "polygon": {"points"},
    "text": {"text-anchor", "dominant-baseline"},
    "tspan": {"x", "y"},
}
_CLASS = re.compile(
    r"kb-(?:back|lead|facts|actions|link-button|reading|contents|level-[23]|text|heading|hidden|table|align-(?:right|center)|cite"
    r"|wanted|none|remark|figure|diagram|drawing|node|edge|edge-label|line-(?:solid|dotted|thick)|admonition(?:-title)?"
    r"|admonition-(?:note|tip|important|warning))|footnotes|footnotes-list|footnote-ref|footnote-back"
    r"|contains-task-list|task-list-item|language-[a-z0-9+#-]+|kb-notes|kb-notice(?:-problem)?|kb-note-title|kb-turns"
    r"|kb-turn-(?:previous|next)|kb-hint|kb-related|kb-plain|kb-linking|kb-inline-form"
)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_NUMBERS = re.compile(r"[MLC0-9.,\s-]*")
_FRAME = {"content", "root", "kb-top", "kb-foot", "kb-said"}
_IMAGE = re.compile(r"/playbook/images/[0-9a-f]{16,64}\.(?:png|jpg|webp|gif)")
_VOID = {"br", "hr", "img", "input"}
_MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?: [a-zA-Z-]+(?:=\"[^\"<>]*\")?)*>")


class Strict(HTMLParser):
    """Reads a page that every parser reads alike: each element is closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.forms = 0
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        values = {name: value or "" for name, value in attrs}
        assert set(values) <= ALLOWED[tag] | _COMMON, (tag, values)
        for name in values.get("class", "").split():
            assert _CLASS.fullmatch(name), name
        if tag == "a":
            assert "a" not in self.open
            check_address(values["href"])
        if tag == "form":  # the one that watches the page
            assert values["action"].startswith("/pages/watch?")
            self.forms += 1
            assert self.forms == 1
        if tag == "img":
            assert _IMAGE.fullmatch(values["src"])
            assert values["alt"].strip()
        if tag in ("path", "rect", "circle", "polygon", "tspan", "svg"):
            for name in ("d", "points", "x", "y", "width", "height", "cx", "cy", "r", "rx", "viewbox"):
                assert _NUMBERS.fullmatch(values.get(name, ""))
        if tag == "input" and values["type"] == "hidden":  # of the form that watches
            assert self.forms == 1
            assert values["name"] in ("target", "next")
        elif tag == "input":
            assert values["type"] == "checkbox"
            assert "disabled" in values
            assert values["aria-label"]
        if "id" in values:
            self.ids[values["id"]] += 1
            assert _ID.fullmatch(values["id"])
            assert values["id"] not in _FRAME
            assert re.fullmatch(r"h[1-6]|sup|a|li", tag), (tag, values)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def check_address(address: str) -> None:
    assert not re.search(r"[\x00-\x20\\\x7f]", address)
    if address.startswith("#"):
        return
    if address.startswith("/"):
        assert not address.startswith("//")
        return
    parts = urlsplit(address)
    assert parts.scheme in ("http", "https", "mailto")
    if parts.scheme != "mailto":
        assert parts.hostname
        assert "@" not in parts.netloc


def check(html: str) -> None:
    """Holds nothing but our own elements, for a strict reader and for lenient ones."""
    strict = Strict(html)
    assert [name for name, count in strict.ids.items() if count > 1] == []
    assert "<" not in _MARKUP.sub("", html)
    tree = lxml.html.document_fromstring(f"<!doctype html><body>{html}".replace("\x00", ""))
    for element in tree.iter():
        name = str(element.tag)
        assert name in ALLOWED or name in ("html", "body"), name
        assert (
            not [each for each in element.attrib if each.startswith(("on", "style", "src", "xlink", "form"))]
            or name == "img"
        )
    assert len(tree.xpath("//h1")) == 1


REVISION = Revision(1, "en", 1, "", "Aya", "", "2026-01-01T00:00:00.000+00:00", 0, "edit")
STATE = WikiPage(1, "cloud", "", "", "", {})


class Titled:
    """A playbook in which two pages have a hostile title."""

    def __init__(self, title: str) -> None:
        self.title = title

    def find(self, slug: str, language: str, *, fragment: str = "") -> FoundPage | None:
        heading = self.title if fragment == "one" else ""
        return FoundPage(slug, "ja", self.title, heading) if slug in ("cloud", "x") else None

    def neighbours(self, slug: str, language: str) -> tuple[PlaybookEntry, None]:
        return PlaybookEntry("x", "ja", self.title, self.title, self.title, 1, "", "page", ("ja",)), None

    def image_size(self, name: str) -> tuple[int, int]:
        return (640, 480)


def shown(body: str, *, title: str = "Title", summary: str = "Summary", permanent: bool = False, language="en") -> str:
    page = PlaybookPage("cloud", "en", title, summary, "", 1, "2026-01-01", "page", ("en", "ja"), body, REVISION, STATE)
    to = PERMANENT if permanent else IN_THE_APP
    return str(views.page(Texts(language), page, Titled(title), to=to))


def placed(position: str, words: str, **options) -> str:
    if position in ("title", "summary"):
        return shown("## One {#one}\n\n[[cloud]] [[cloud#one]] [[cite:a]]\n", **{position: words}, **options)
    return shown(PAGE.format(POSITIONS[position].replace("{{", "{").replace("}}", "}").replace("{}", words)), **options)


def test_there_are_attacks_enough():
    assert len(ATTACKS) > 600


@pytest.mark.parametrize("position", POSITIONS)
def test_nothing_an_author_writes_becomes_more_than_words(position):
    for i, attack in enumerate(ATTACKS):
        language = "ja" if i % 2 else "en"
        html = placed(position, attack, permanent=i % 3 == 0, language=language)
        try:
            check(html)
        except AssertionError as error:
            raise AssertionError(f"{position}: {attack[:300]!r}: {error}") from error


def test_the_check_itself_would_find_what_it_looks_for():
    for wrong in (
        "<h1>x</h1><script>alert(1)</script>",
        '<h1>x</h1><p onclick="x">y</p>',
        '<h1>x</h1><a href="javascript:alert(1)">y</a>',
        '<h1>x</h1><a href="//evil.example">y</a>',
        '<h1>x</h1><p class="kb-page">y</p>',
        '<h1>x</h1><p id="x">y</p>',
        "<h1>x</h1></div>",
        "<h1>x</h1><!-- x -->",
        '<h1 id="content">x</h1>',
        '<h1 id="a">x</h1><h2 id="a">y</h2>',
        "<h1>x</h1><h1>y</h1>",
    ):
        with pytest.raises(AssertionError):
            check(wrong)


def test_words_of_an_attack_are_still_there_to_be_read():
    page = BeautifulSoup(placed("body", "<script>alert(1)</script>"), "lxml")
    assert "<script>alert(1)</script>" in page.article.get_text()


_PIECES = st.sampled_from(
    [
        "[[",
        "]]",
        "[",
        "]",
        "(",
        ")",
        "|",
        "#",
        "{#a}",
        "##",
        ">",
        "-",
        "1.",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        ":::note",
        ":::",
        ":::warning",
        "\n",
        "\n\n",
        "[^1]",
        "[^1]:",
        "!",
        "![",
        "](/x)",
        "](javascript:x)",
        "<",
        ">",
        "</div>",
        "<b>",
        "&",
        "&lt;",
        "&#60;",
        "\\",
        '"',
        "'",
        "cite:",
        "none:2026-01-01|",
        "[x]",
        "|-|-|",
        "mermaid",
        "graph",
        "-->",
        "A[x]",
        "\t",
        "\x00",
        "\u202e",
        "あ",
        "cloud#one",
        "https://a.b/",
        "mailto:a@b",
        "//",
        "/playbook/images/0123456789abcdef.png",
        "===",
        "---",
        "word",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=6), max_size=60).map(" ".join) | st.lists(_PIECES, max_size=80).map("".join))
def test_any_mixture_of_markup_makes_a_page_that_holds_only_ours(body):
    check(shown(body))
    check(shown(body, title=body, summary=body, permanent=True))


_LONG = 20_000
_LABELS = "".join(f"[^{i}]" for i in range(2000))
_HEAVY = {
    **{
        repr(piece): piece * _LONG
        for piece in ("[", "![", "[[", "[[a", "[^", "^[", "*", "_a*b", "~~a", "<", "<a@", "&", "\\[", "`a")
    },
    **{
        repr(piece): piece * (_LONG // 8)
        for piece in ("> ", "- ", ":::note\n", "[^1]: ", "[a](", "![a](", "<!--", "](")
    },
    "labels sought": "[^1]: a\n\n" + "[^" * _LONG,
    "labels": _LABELS + "".join(f"\n\n[^{i}]: x" for i in range(2000)),
    "links in links": "[" * 4000 + "a" + "](/b)" * 4000,
    "images in images": "![" * 4000 + "a" + "](/b)" * 4000,
    "backticks": "".join("`" * i + " " for i in range(300)),
    "equal headings": "# a\n" * 4000,
    "headings that are taken": "".join(f"# a {{#a-{i}}}\n" for i in range(1500)) + "# a\n" * 1500,
    "spaces in a heading": "# a" + " " * _LONG + "b {#c" + " " * _LONG + "}",
    "a wide table": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "|\n" * 500,
    "many tables": "|a|b|\n|-|-|\n|[[a|b]]|c|\n\n" * 1500,
    "paragraphs with brackets": "[[a|b]]\n\n" * 3000,
    "sources": "[[cite:a]]" * 5000,
    "admonitions": ":::note\n:::\n" * 3000,
    "nested admonitions": "".join(":" * i + "note\n" for i in range(400, 3, -1)),
    "nested lists": "".join("  " * i + "- a\n" for i in range(300)),
    "nested quotations": "".join(">" * i + " a\n" for i in range(300)),
    "a long host": "[a](https://" + "あ." * 3000 + ")",
    "a long label": "```mermaid\ngraph TD\nA[" + "x" * _LONG + "]\n```",
    "a long line of arrows": "```mermaid\ngraph TD\nA" + " --> A" * 3000 + "\n```",
    "spaces in a diagram": "```mermaid\ngraph TD\nA --" + " " * 15_000 + "x\n```",
    "many diagrams": (
        "```mermaid\ngraph TD\n" + "\n".join(f"A{i} -->|a| A{i * 7 % 60}" for i in range(60)) + "\n```\n\n"
    )
    * 100,
}


@pytest.mark.parametrize("name", _HEAVY)
def test_a_page_made_to_be_slow_is_not(name):
    """Generous, for a machine that does other things as well: what is quadratic takes minutes."""
    start = time.process_time()
    html = shown(_HEAVY[name])
    assert time.process_time() - start < 15
    assert len(html) < 40_000_000
