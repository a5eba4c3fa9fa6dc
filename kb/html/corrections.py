"""The history of what was corrected of a document: when, by whom, and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts, date_text, has_text, licence_text
from kb.model.corrections import Correction
from kb.model.works import Version
from kb.store.corrections import answer_of

_CHOSEN = {"country": "country.name", "language": "language", "document_type": "type"}


def history(t: Texts, corrections: Sequence[Correction], others: Mapping[str, Version]) -> Markup:
    """Corrections of a version, newest first; `others` are the versions that answers and successions name.

    What an answer changed besides is not listed: it says so itself.
    """
    answered = {each.at for each in corrections if answer_of(each.field)}
    rows = [
        el(
            "tr",
            el("td", _when(t, each.at), data_head=t("edit.history.when")),
            el("td", each.by, data_head=t("edit.history.who")),
            el("td", _what(t, each, others), data_head=t("edit.history.what")),
        )
        for each in corrections
        if each.at not in answered or answer_of(each.field)
    ]
    heads = [el("th", t(f"edit.history.{name}"), scope="col") for name in ("when", "who", "what")]
    table = el(
        "div",
        el("table", el("thead", el("tr", heads)), el("tbody", rows), aria_labelledby="history"),
        class_="kb-table",
        tabindex="0",
        role="region",
        aria_labelledby="history",
    )
    return el(
        "section",
        el("h2", t("edit.history"), id="history"),
        table if rows else el("p", t("edit.history.none"), class_="kb-hint"),
        aria_labelledby="history",
    )


def _when(t: Texts, at: str) -> str:
    return t("edit.history.time", date=date_text(t.language, at), time=at[11:16])


def _what(t: Texts, each: Correction, others: Mapping[str, Version]) -> str:
    if has_text(f"edit.history.{each.field.replace(':', '.')}"):
        title = others[each.value].title if each.value in others else each.value
        return t(f"edit.history.{each.field.replace(':', '.')}", title=title)
    if each.field == "work_id":  # a version that is a work of its own is not an edition of anything
        own = each.version_id
        each = replace(each, was=each.was.replace(own, ""), value=each.value.replace(own, ""))
    name = t(f"edit.field.{each.field}")
    was, value = (_shown(t, each.field, text, others) for text in (each.was, each.value))
    if each.was == each.value:
        return t("edit.history.confirmed", field=name, value=value)
    if not each.was:
        return t("edit.history.added", field=name, value=value)
    if not each.value:
        return t("edit.history.removed", field=name, was=was)
    return t("edit.history.changed", field=name, was=was, value=value)


def _shown(t: Texts, field: str, value: str, others: Mapping[str, Version]) -> str:
    if field in _CHOSEN and has_text(f"{_CHOSEN[field]}.{value}"):
        return t(f"{_CHOSEN[field]}.{value}")
    if field == "published":
        return date_text(t.language, value)
    if field == "supersedes" and value in others:
        return others[value].title
    return licence_text(t.language, value) if field == "licence" else value
