"""The details of a document: completed, corrected, and set in relation to documents like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import streamlit as st

from kb.errors import NotFoundError
from kb.html import addresses, notices, withdrawn
from kb.html import metadata_form as views
from kb.html.likeness import OFFERED
from kb.i18n import publisher_name
from kb.ingest.likeness import alike
from kb.library import overview
from kb.library.corrections import Known, answer, correct, known, settled
from kb.library.details import ENTERED, Problem, read_details, read_name
from kb.model.corrections import Answer
from kb.model.hits import Filters
from kb.ui import session
from kb.ui.components import markup

_NAME = "kb.name"
"""The name a reader entered last, so that it need not be typed twice."""
_DETAILS = "details."
"""Stands before the fields of the details where another form was sent."""
_ALL = Filters(current_only=False)


def show() -> None:
    """The form of the document in the address; a page that says so where there is none."""
    t = session.texts()
    version_id = session.place(addresses.EDIT).one("id")
    entered = markup.entered()
    try:
        page = _after(version_id, entered)
    except NotFoundError:
        session.title(t, t("notice.gone.title"))
        markup.show(notices.gone(t), key="edit-gone")
        return
    store, version = session.library().store, page.known.version
    if (withdrawal := store.withdrawals.standing(version.id)) is not None:
        session.title(t, t("withdrawn.title"))
        markup.show(withdrawn.withdrawn(t, version, withdrawal), key="edit-withdrawn")
        return
    session.title(t, t("edit.title"))
    markup.show(views.edit_page(t, page), key="edit")


def _after(version_id: str, entered: Mapping[str, str]) -> views.EditPage:
    """The page as it is once what was entered has been taken, or refused."""
    match entered.get("form"):
        case "details":
            page = _details(version_id, entered)
        case "answer":
            page = _answer(version_id, entered)
        case _:
            page = views.EditPage(known(session.library().store, version_id), by=_name())
    return _complete(page)


def _details(version_id: str, entered: Mapping[str, str]) -> views.EditPage:
    store = session.library().store
    before = known(store, version_id)
    publishers = overview.facets(store, _ALL).publishers
    details = read_details(entered, publishers=publishers, present=store.former_works.now)
    refused = replace(views.EditPage(before), entered=entered, by=details.by)
    if details.problems:
        return replace(refused, problems=details.problems)
    _remember(details.by)
    seen = entered.get("seen", "")
    conflicts = correct(
        store, version_id, details.values, by=details.by, seen=int(seen) if seen.isdecimal() else before.seen
    )
    if conflicts:
        problems: dict[str, Problem] = {
            field: Problem("conflict", {"by": each.by, "value": each.value}) for field, each in conflicts.items()
        }
        return replace(refused, problems=problems)
    after = known(store, version_id)
    done = "saved" if after.seen > before.seen else "saved.nothing"
    return views.EditPage(after, by=details.by, remarks=details.remarks, done=done)


def _answer(version_id: str, entered: Mapping[str, str]) -> views.EditPage:
    store = session.library().store
    unsaved = _unsaved(known(store, version_id), entered)
    other, said = entered.get("other", ""), entered.get("answer", "")
    by, unnamed = read_name(entered.get("by", ""))
    problems = {"answer": Problem("missing-answer")} if said not in (*OFFERED, "open") else {}
    problems |= {"by": unnamed} if unnamed else {}
    if problems:
        refused = views.EditPage(known(store, version_id), by=by, answer_problems={other: problems})
        return replace(refused, entered=unsaved, answered={other: said})
    _remember(by)
    answer(store, version_id, other, cast(Answer, said), by=by)
    done = "saved.open" if said == "open" else "saved.answer"
    return views.EditPage(known(store, version_id), entered=unsaved, by=by, done=done)


def _unsaved(before: Known, entered: Mapping[str, str]) -> Mapping[str, str]:
    """What was changed in the form of the details but not sent, when another form was."""
    fields = {name.removeprefix(_DETAILS): value for name, value in entered.items() if name.startswith(_DETAILS)}
    return {name: fields[name] for name in ENTERED if name in fields and fields[name] != views.shown(before, name)}


def _complete(page: views.EditPage) -> views.EditPage:
    """`page` with what belongs to the document whatever was entered."""
    store, version = session.library().store, page.known.version
    named = overview.facets(store, _ALL).publishers
    return replace(
        page,
        like=alike(store, version),
        settled=settled(store, version.id),
        others=store.versions.get_many(sorted({each.value for each in page.known.history})),
        publishers=sorted({publisher_name(version.metadata.language, name) for name in named}),
    )


def _name() -> str:
    return str(st.session_state.get(_NAME, ""))


def _remember(name: str) -> None:
    st.session_state[_NAME] = name
