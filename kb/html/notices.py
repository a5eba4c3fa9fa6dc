"""States that are not content: getting ready, nothing here yet, an error in words, a page that is gone."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kb.errors import KbError
from kb.html import addresses
from kb.html.element import el
from kb.i18n import Fact, Texts, has_text


def getting_ready(t: Texts) -> Markup:
    """The model is being loaded; the page will go on by itself."""
    return el(
        "div",
        el("p", t("notice.ready.title")),
        el("p", t("notice.ready.text")),
        class_="kb-notice",
        role="status",
    )


def empty_library(t: Texts) -> Markup:
    """There is nothing to search yet."""
    href = addresses.screen(addresses.ADD, t.language)
    link = el("a", t("notice.empty.link"), href=href, data_nav=True)
    return el("div", el("p", t("notice.empty.title")), el("p", link), class_="kb-notice")


def problem(t: Texts, error: KbError) -> Markup:
    """What went wrong and what to do, in the words of the catalogue."""
    return el("div", problem_lines(t, error.code, error.facts), class_="kb-notice kb-notice-problem", role="alert")


def problem_lines(t: Texts, code: str, facts: Mapping[str, Fact]) -> list[Markup]:
    """Sentence and remedy of a problem, each a paragraph."""
    return [el("p", words) for words in problem_texts(t, code, facts)]


def problem_texts(t: Texts, code: str, facts: Mapping[str, Fact]) -> list[str]:
    """Sentence and remedy of a problem: of its fact `reason` where there is a more exact one, else of its code."""
    for key in (f"error.{facts.get('reason', '')}", f"error.{code}"):
        if has_text(key):
            remedy = f"{key}.remedy"
            return [t(each, **facts) for each in (key, remedy) if has_text(each)]
    return _fault_texts(t)


def fault(t: Texts) -> Markup:
    """Something failed because of a fault of ours."""
    lines = [el("p", words) for words in _fault_texts(t)]
    return el("div", lines, class_="kb-notice kb-notice-problem", role="alert")


def _fault_texts(t: Texts) -> list[str]:
    return [t("error.unexpected"), t("error.unexpected.remedy")]


def gone(t: Texts) -> Markup:
    """There is nothing at this address: where to go from here."""
    return el("div", el("h1", t("notice.gone.title")), el("p", t("notice.gone.text")), ways_on(t))


def ways_on(t: Texts) -> Markup:
    """Where to go from a page that has nothing to show."""
    ways = [
        (addresses.SEARCH, "notice.gone.search"),
        (addresses.LIBRARY, "notice.gone.library"),
        (addresses.PLAYBOOK, "notice.gone.playbook"),
    ]
    return el(
        "ul", [el("li", el("a", t(key), href=addresses.screen(path, t.language), data_nav=True)) for path, key in ways]
    )
