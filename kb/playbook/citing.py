"""Another passage in the place of one that is cited: the citation follows its source to the newer edition."""

from __future__ import annotations

from kb.errors import PlaybookError
from kb.model.playbook import Body
from kb.playbook.drift import Drift, changed_again
from kb.playbook.links import links
from kb.playbook.saving import Edit, Saved, save
from kb.playbook.source import Source
from kb.store import Store


def update(store: Store, drift: Drift, *, better: str, state: str, by: str, summary: str) -> Saved:
    """Let every citation of the passage in that body lead to the `better` one, as whoever asks saw it in this `state`.

    Raises `PlaybookError` where the passage stands otherwise by now or a draft of the page waits, and
    `EditConflictError`; nothing has changed then.
    """
    if drift.state != state or not better or drift.better != better:
        raise changed_again()
    body = drift.page.bodies[drift.language]
    if has_draft(body):
        raise PlaybookError(
            "Somebody is working on a newer text of this page.",
            remedy="Change the citation there.",
            reason="citing-draft",
            slug=drift.page.slug,
        )
    source = Source.read(store.revisions.get(drift.page.id, drift.language, body.published).text)
    text = source.with_body(recited(source.body, drift.passage_id, better)).text
    edit = Edit(drift.page.slug, drift.language, text, body.published, by, summary)
    return save(store, edit)


def has_draft(body: Body) -> bool:
    """Whether there is a text of a body that is newer than the one that readers see."""
    return body.latest != body.published


def recited(markdown: str, passage_id: str, better: str) -> str:
    """`markdown` with every citation of one passage leading to another; all else stays to the byte."""
    for link in reversed(links(markdown)):
        if link.kind == "cite" and link.target == passage_id:
            start, end = link.target_at
            markdown = markdown[:start] + better + markdown[end:]
    return markdown
