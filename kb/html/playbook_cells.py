"""Filling in the table of a page that compares: topic by topic, with one cell open at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from kb.html import addresses, labels
from kb.html.cell_text import cell_text
from kb.html.element import Child, el
from kb.html.playbook_proposals import proposal_list
from kb.html.signed_form import done_notice, hidden, line_field, name_field
from kb.i18n import Texts
from kb.model.works import Version
from kb.playbook.comparison_page import COUNTRIES, Row
from kb.playbook.filling import OpenTable
from kb.playbook.markup.countries import ComparedCountry
from kb.playbook.proposals import Proposals

Doing = Literal["edit", "propose"]


@dataclass(frozen=True, slots=True)
class OpenCell:
    """The cell that is being filled in, and how: written (`edit`), or with what a search proposes.

    `text` is what was typed and not saved; `problem` is why the search did not work.
    """

    row: int
    country: ComparedCountry
    doing: Doing
    text: str | None = None
    proposals: Proposals | None = None
    problem: Markup | None = None


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The table with everything around it. `sources` are the documents of the passages that its cells cite."""

    opened: OpenTable
    sources: Mapping[str, Version] = field(default_factory=dict)
    cell: OpenCell | None = None
    name: str = ""
    done: str = ""
    topic: str = ""
    problem: Markup | None = None


def cells(t: Texts, shown: ShownTable) -> Markup:
    """The whole page."""
    opened = shown.opened
    read = addresses.in_language(addresses.playbook_page(opened.page.slug), opened.body.language)
    return el(
        "div",
        el("p", el("a", t("cells.page"), href=read), class_="kb-back"),
        el("h1", t("cells.title"), ": ", el("span", opened.source.one("title"), lang=opened.body.language)),
        shown.problem,
        done_notice(t, f"cells.done.{shown.done}") if shown.done else None,
        el("p", t("cells.lead"), class_="kb-lead"),
        el("p", t("cells.draft"), class_="kb-notice") if opened.body.latest != opened.body.published else None,
        _rows(t, shown),
        _new_topic(t, shown),
        class_="kb-cells",
    )


def fill_link(t: Texts, slug: str, *, is_comparison: bool, body: str) -> Markup | None:
    """The way from a page that compares to where its table is filled in."""
    if not is_comparison:
        return None
    href = addresses.writing(t.language, "cells", slug, [("body", body)])
    return el("li", el("a", t("cells.link"), href=href))


def _rows(t: Texts, shown: ShownTable) -> Child:
    table = shown.opened.table
    if table is None:
        return el("p", t("cells.none"), class_="kb-notice")
    empty = sum(not row.countries[country].text for row in table.rows for country in COUNTRIES)
    said = t("cells.count", n=empty) if empty else t("cells.full")
    return [el("p", said), [_row(t, shown, number, row) for number, row in enumerate(table.rows)]]


def _row(t: Texts, shown: ShownTable, number: int, row: Row) -> Markup:
    is_open = shown.cell is not None and shown.cell.row == number
    columns = [_cell(t, shown, number, row, country) for country in COUNTRIES]
    return el(
        "section",
        el("h2", cell_text(t, row.topic.text, shown.sources), id=f"row-{number}", lang=shown.opened.body.language),
        el("div", columns, class_="kb-cells-row"),
        _panel(t, shown, shown.cell, row) if shown.cell and is_open else None,
        aria_labelledby=f"row-{number}",
        class_="kb-cells-topic",
    )


def _cell(t: Texts, shown: ShownTable, number: int, row: Row, country: ComparedCountry) -> Markup:
    text = row.countries[country].text
    of = el("span", f" {_of(t, row, country)}", class_="kb-hidden")

    def to(doing: Doing) -> str:
        asked = {"row": str(number), "country": country, "do": doing}
        opened = shown.opened
        return addresses.cells(t.language, opened.page.slug, opened.body.language, fragment="panel", **asked)

    links = [el("a", t("cells.edit" if text else "cells.write"), of, href=to("edit"))]
    if not text or text.startswith("[[none:"):
        classes = None if text else "kb-button kb-button-plain"
        links.insert(0, el("a", t("cells.propose"), of, href=to("propose"), class_=classes, role="button"))
    words = el("p", cell_text(t, text, shown.sources), lang=shown.opened.body.language, class_="kb-cell-text")
    unfilled = el("p", t("citing.cell.empty"), class_="kb-unfilled")
    return el(
        "div",
        el("h3", labels.country_tag(t, country)),
        words if text else unfilled,
        el("ul", [el("li", link) for link in links], class_="kb-actions"),
        class_=f"kb-cell kb-cell-{country}",
    )


def _panel(t: Texts, shown: ShownTable, cell: OpenCell, row: Row) -> Markup:
    country = t(f"country.name.{cell.country}")
    close = addresses.cells(t.language, shown.opened.page.slug, shown.opened.body.language, fragment=f"row-{cell.row}")
    title = t("cells.proposed.title", topic=row.topic.text, country=country)
    if cell.doing == "edit":
        title = f"{t('cells.text')} {_of(t, row, cell.country)}"
    inner = _edit(t, shown, cell, row) if cell.doing == "edit" else _proposed(t, shown, cell, row)
    return el(
        "div",
        el("h3", title, id="panel", tabindex="-1"),
        inner,
        el("p", el("a", t("cells.cancel"), href=close)),
        role="region",
        aria_labelledby="panel",
        class_="kb-cells-panel",
    )


def _edit(t: Texts, shown: ShownTable, cell: OpenCell, row: Row) -> Markup:
    text = row.countries[cell.country].text if cell.text is None else cell.text
    box = el(
        "textarea",
        text,
        id="cell-text",
        name="text",
        rows=4,
        lang=shown.opened.body.language,
        aria_describedby="cell-hint",
    )
    hint = el("p", t("cells.text.hint"), id="cell-hint", class_="kb-hint")
    label = el("label", t("cells.text"), for_="cell-text")
    save = el("button", t("cells.save"), type="submit", name="do", value="edit", class_="kb-button")
    return _form(
        t, shown, cell, row, el("div", label, hint, box, class_="kb-field"), name_field(t, "by", shown.name), save
    )


def _proposed(t: Texts, shown: ShownTable, cell: OpenCell, row: Row) -> list[Markup | None]:
    found = cell.proposals
    again = el(
        "form",
        hidden(
            lang=t.language,
            body=shown.opened.body.language,
            row=str(cell.row),
            country=cell.country,
            do="propose",
        ),
        line_field(t, "cells.query", "query", "q", found.query if found else row.topic.text),
        line_field(t, "cells.query.also", "also", "also", found.also if found else ""),
        el("button", t("cells.search"), type="submit", class_="kb-button kb-button-plain"),
        method="get",
        action=f"{addresses.WRITING}/cells/{shown.opened.page.slug}#panel",
        class_="kb-cells-search",
    )
    if found is None:
        return [cell.problem, again]
    nothing = el(
        "button", t("cells.nothing"), type="submit", name="do", value="nothing", class_="kb-button kb-button-plain"
    )
    put = _form(
        t,
        shown,
        cell,
        row,
        hidden(q=found.query, also=found.also),
        el("p", t("cells.found", n=len(found.hits)) if found.hits else t("cells.found.none")),
        name_field(t, "by", shown.name),
        proposal_list(t, found.hits, language=shown.opened.body.language, puts=True),
        el("h4", t("cells.nothing.title")),
        el("p", t("cells.nothing.text"), class_="kb-measure"),
        nothing,
    )
    return [cell.problem, again, put]


def _form(t: Texts, shown: ShownTable, cell: OpenCell, row: Row, *fields: Child) -> Markup:
    opened = shown.opened
    return el(
        "form",
        hidden(row=str(cell.row), country=cell.country, topic=row.topic.text, was=row.countries[cell.country].text),
        fields,
        method="post",
        action=addresses.cells(t.language, opened.page.slug, opened.body.language),
        class_="kb-form",
    )


def _new_topic(t: Texts, shown: ShownTable) -> Markup:
    opened = shown.opened
    return el(
        "section",
        el("h2", t("cells.add"), id="add"),
        el(
            "form",
            line_field(t, "cells.add.field", "topic", "topic", shown.topic, language=opened.body.language),
            name_field(t, "by-topic", shown.name),
            el("button", t("cells.add.button"), type="submit", name="do", value="topic", class_="kb-button"),
            method="post",
            action=addresses.cells(t.language, opened.page.slug, opened.body.language),
            class_="kb-form",
        ),
        aria_labelledby="add",
        class_="kb-cells-topic",
    )


def _of(t: Texts, row: Row, country: ComparedCountry) -> str:
    return t("cells.of", topic=row.topic.text, country=t(f"country.name.{country}"))
