"""What has become of a cited passage, said where its link leads."""

from __future__ import annotations

from markupsafe import Markup

from kb.html import addresses, difference
from kb.html.editions import changes_link
from kb.html.element import el, spaced
from kb.i18n import Texts
from kb.model.fates import Fate, Fates
from kb.model.passages import Passage


def here(t: Texts, fate: Fate, passage: Passage) -> Markup | None:
    """Says that the edition reads differently since the link was made; nothing where the words stand as they did."""
    if fate.kind == "same":
        return None
    if fate.kind == "removed":
        return el("p", t("document.changed"), class_="kb-notice kb-notice-edition")
    sentence = t(f"fate.here.{fate.kind}", page=str(fate.page or 1))
    return el(
        "div",
        el("p", sentence, " ", _open(t, fate)),
        difference.words(t, fate.segments, passage.language) if fate.segments else None,
        class_="kb-notice kb-notice-edition",
    )


def there(t: Texts, fates: Fates, passage: Passage) -> Markup | None:
    """What the edition that replaced this one says in place of the passage; nothing where this one is current."""
    fate = fates.there
    if fate is None:
        return None
    section = el("span", " › ".join(fate.section), lang=passage.language) if fate.section else None
    where = spaced([section, t("hit.page", page=str(fate.page)) if fate.page else None])
    links = [_open(t, fate), changes_link(t, fates.here.version, fate.version)]
    return el(
        "section",
        el("h2", t("fate.title"), id="fate"),
        el("p", t(f"fate.there.{fate.kind}")),
        difference.words(t, fate.segments, passage.language) if fate.segments else None,
        el("p", where, class_="kb-where") if where else None,
        el("ul", [el("li", link) for link in links if link], class_="kb-actions"),
        aria_labelledby="fate",
        class_=f"kb-fate kb-fate-{fate.kind}",
    )


def _open(t: Texts, fate: Fate) -> Markup | None:
    if not fate.passage_id:
        return None
    return el("a", t("fate.open"), href=addresses.screen(addresses.passage(fate.passage_id), t.language))
