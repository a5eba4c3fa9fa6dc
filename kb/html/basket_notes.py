"""Notes on what is collected: every one of a page is sent with whatever is done there, so that none is lost.

Fields and buttons belong to one form by its id: they stand in cards that hold other buttons and cannot be one form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts

FORM = "evidence"
"""Id of the form that every note and button of the page belongs to."""
_NOTE, _SHOWN = "note-", "shown-"


def note_field(t: Texts, identity: str, note: str, *, save: str, most: int, typed: str = "", is_saved: bool) -> Markup:
    """The note on one passage, saved by the address `save`; `typed` is what could not be saved in place of `note`."""
    field, hint = f"{_NOTE}{identity}", f"hint-{identity}"
    return el(
        "div",
        el("label", t("basket.note"), for_=field),
        el("p", t("basket.note.hint", n=most), id=hint, class_="kb-hint"),
        el("textarea", typed or note, id=field, name=field, form=FORM, rows=3, aria_describedby=hint),
        el("input", type="hidden", name=f"{_SHOWN}{identity}", value=_mark(note), form=FORM),
        el(
            "button",
            t("basket.note.save"),
            name="passage",
            value=identity,
            form=FORM,
            formaction=save,
            class_="kb-button kb-button-plain",
        ),
        el("span", t("basket.note.saved") if is_saved else "", role="status", class_="kb-hint"),
        data_note=identity,
        data_save=save,
        data_saved=t("basket.note.kept"),
        data_unsaved=t("basket.note.unsaved"),
        class_="kb-note",
    )


def changed_notes(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The notes of a form that differ from what was shown, by passage.

    What was not touched is left out, so that a page that was opened long ago overwrites nothing written since.
    """
    typed = {name.removeprefix(_NOTE): words for name, words in fields.items() if name.startswith(_NOTE)}
    return {each: words for each, words in typed.items() if fields.get(f"{_SHOWN}{each}") != _mark(words)}


def _mark(note: str) -> str:
    """By which a note is known again, however its lines are ended."""
    return hashlib.sha256("\n".join(note.strip().splitlines()).encode()).hexdigest()[:12]
