"""The search box, and below it, while nothing is asked, what the library holds and where to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from kb.html import addresses, labels
from kb.html.element import el
from kb.html.filters import Counts, countries
from kb.html.hits import version_href
from kb.html.playbook import Themes, theme_list
from kb.html.search_address import STEP, SearchAddress, filter_parameters
from kb.i18n import Texts
from kb.model.hits import Filters
from kb.model.works import Version
from kb.text.language import LANGUAGES, Language

_EXAMPLES: dict[Language, tuple[str, ...]] = {
    "en": ("cloud first policy", "digital identity verification", "making services accessible to everyone"),
    "ja": ("クラウドを最優先で検討する方針", "本人確認の保証レベル", "誰一人取り残されないデジタル化"),
}
NEWEST = 5


def search_box(t: Texts, address: SearchAddress) -> Markup:
    """The one field everything begins with; filters and view of the address stay as they are.

    Above results it is all that is seen: title and hint are for the first page, and for screen readers.
    """
    kept = replace(address, text="", like="", limit=STEP).parameters()
    hidden = [
        el("input", type="hidden", name=name, value=value) for name, value in (*kept, ("lang", t.language)) if value
    ]
    return el(
        "div",
        el("h1", t("search.title")),
        el(
            "form",
            hidden,
            el("label", t("search.label"), for_="q"),
            el("p", t("search.hint"), id="q-hint", class_="kb-hint"),
            el(
                "div",
                el(
                    "input",
                    type="search",
                    id="q",
                    name="q",
                    value=address.text,
                    aria_describedby="q-hint",
                    autocomplete="off",
                    spellcheck="false",
                    enterkeyhint="search",
                ),
                el("button", t("search.button"), type="submit", class_="kb-button"),
                class_="kb-search-row",
            ),
            action=addresses.SEARCH,
            method="get",
            role="search",
            data_nav=True,
        ),
        class_="kb-search kb-search-small" if address.text or address.like else "kb-search",
    )


def start(
    t: Texts, counts: Counts, newest: Sequence[Version], themes: Themes, *, remark: Markup | None = None
) -> Markup:
    """Examples, what the library holds, what is new and what the playbook is about; `remark` is on what it holds."""
    return el(
        "div",
        _examples(t),
        el("div", _holdings(t, counts, remark), _newest(t, newest), class_="kb-two"),
        _themes(t, themes),
        class_="kb-start",
    )


def _examples(t: Texts) -> Markup:
    lists = [
        el(
            "ul",
            [
                el(
                    "li",
                    el(
                        "a",
                        words,
                        href=SearchAddress(text=words).href(t.language),
                        data_nav=True,
                        lang=language,
                    ),
                )
                for words in _EXAMPLES[language]
            ],
        )
        for language in LANGUAGES
    ]
    return el("section", el("h2", t("home.examples")), el("div", lists, class_="kb-two"), class_="kb-examples")


def _holdings(t: Texts, counts: Counts, remark: Markup | None) -> Markup:
    by_country = [_count(t, words, n, Filters(countries=(country,))) for country, words, n in countries(t, counts)]
    by_language = [
        _count(t, t(f"language.{language}"), counts.languages[language], Filters(languages=(language,)))
        for language in LANGUAGES
        if counts.languages.get(language)
    ]
    total = sum(counts.languages.values())
    return el(
        "section",
        el("h2", t("home.holds")),
        el("p", t("home.total", n=total)),
        remark,
        el(
            "table",
            el("caption", t("home.by_country"), class_="kb-hidden"),
            el("tbody", by_country),
            class_="kb-figures",
        ),
        el(
            "table",
            el("caption", t("home.by_language"), class_="kb-hidden"),
            el("tbody", by_language),
            class_="kb-figures",
        ),
    )


def _count(t: Texts, words: str, n: int, filters: Filters) -> Markup:
    href = addresses.screen(addresses.LIBRARY, t.language, filter_parameters(filters))
    return el("tr", el("th", el("a", words, href=href, data_nav=True), scope="row"), el("td", t("home.count", n=n)))


def _newest(t: Texts, newest: Sequence[Version]) -> Markup | None:
    if not newest:
        return None
    items = [
        el(
            "li",
            el(
                "a",
                version.title,
                href=version_href(t, version),
                data_nav=True,
                lang=version.metadata.language,
            ),
            el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts"),
        )
        for version in newest
    ]
    return el("section", el("h2", t("home.newest")), el("ul", items, class_="kb-plain"))


def _themes(t: Texts, themes: Themes) -> Markup | None:
    if not themes:
        return None
    return el("section", el("h2", t("home.playbook")), theme_list(t, themes))
