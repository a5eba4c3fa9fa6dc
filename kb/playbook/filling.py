"""Filling in the table of a page that compares: one cell or one topic at a time, on whatever others have saved."""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import NotFoundError, PlaybookError
from kb.model.playbook import Body, WikiPage
from kb.playbook.comparison_page import Table, table_of, with_cell, with_topic
from kb.playbook.markup.countries import ComparedCountry
from kb.playbook.saving import Edit, Saved, save
from kb.playbook.source import Source
from kb.store import Store
from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class OpenTable:
    """The latest text of a body with its table, None where it has none that compares."""

    page: WikiPage
    body: Body
    source: Source
    table: Table | None


@dataclass(frozen=True, slots=True)
class CellName:
    """A cell as somebody saw it: the number of its row from 0, the topic there, the country and what was in it."""

    row: int
    topic: str
    country: ComparedCountry
    was: str


def open_table(store: Store, slug: str, language: Language) -> OpenTable:
    """The table of a page in `language`, as writers see it; raises `NotFoundError`."""
    page = store.wiki.get(slug)
    body = page.bodies.get(language) if page else None
    if page is None or body is None or page.deleted_at:
        raise NotFoundError("The playbook has no such page.", remedy="Choose one from its contents.", id=slug)
    source = Source.read(store.revisions.get(page.id, language, body.latest).text)
    return OpenTable(page, body, source, table_of(source.body))


def fill(store: Store, opened: OpenTable, cell: CellName, text: str, *, by: str, summary: str) -> Saved:
    """Save a cell. Others may have saved other cells meanwhile, rows may have moved.

    Raises `PlaybookError` where the row is gone or the cell is another than was seen, and what `save` raises.
    """
    table = opened.table
    row = _row(table, cell)
    if table is None or row is None:
        raise PlaybookError(
            "The table has no such row any more.", remedy="Look at it as it stands now.", reason="cells-gone"
        )
    if table.rows[row].countries[cell.country].text != cell.was:
        raise PlaybookError(
            "Somebody else has filled in this cell meanwhile.",
            remedy="Look at the table as it stands now.",
            reason="cells-changed",
        )
    return _save(store, opened, with_cell(opened.source.body, row, cell.country, text), by, summary)


def add_topic(store: Store, opened: OpenTable, topic: str, *, by: str, summary: str) -> Saved:
    """Save another row; raises what `with_topic` and `save` do."""
    return _save(store, opened, with_topic(opened.source.body, topic, opened.body.language), by, summary)


def _row(table: Table | None, cell: CellName) -> int | None:
    """Where the row is now: at its number, or else wherever the topic stands."""
    topics = [each.topic.text for each in table.rows] if table else []
    if 0 <= cell.row < len(topics) and topics[cell.row] == cell.topic:
        return cell.row
    return topics.index(cell.topic) if topics.count(cell.topic) == 1 else None


def _save(store: Store, opened: OpenTable, markdown: str, by: str, summary: str) -> Saved:
    body = opened.body
    text = opened.source.with_body(markdown).text
    edit = Edit(opened.page.slug, body.language, text, body.latest, by, summary, stage=body.stage)
    return save(store, edit)
