"""One document: what is known of it and its text."""

from __future__ import annotations

from kb.errors import KbError, NotFoundError
from kb.html import addresses, notices, withdrawn
from kb.html import document as views
from kb.library.anchors import follow
from kb.library.citations import citing_pages
from kb.model.hits import Hit
from kb.model.passages import Page, Passage
from kb.model.works import Version
from kb.ui import session
from kb.ui.components import markup

_RELATED = 4
_ASKED = 12
"""Asked for, so that enough of the other country are among them."""


def show() -> None:
    """The document of the address, open at its page or passage; a page that says so where there is none."""
    t = session.texts()
    here = session.place(addresses.DOCUMENT)
    try:
        version = _version(here.one("id"))
        passage = _passage(here.one("passage"), version)
    except NotFoundError:
        session.title(t, t("notice.gone.title"))
        markup.show(notices.gone(t), key="document.gone")
        return
    store = session.library().store
    successor = store.succession.successor(version)
    if (withdrawal := store.withdrawals.standing(version.id)) is not None:
        session.title(t, t("withdrawn.title"))
        gone = withdrawn.withdrawn(t, version, withdrawal, passage=passage, successor=successor)
        markup.show(gone, key="document.withdrawn")
        return
    receipt = store.receipts.of_version(version.id)
    asked = str(passage.page or 1) if passage else here.one("page")
    page = _page(version, asked)
    shown = views.OpenDocument(
        version=version,
        editions=store.versions.by_work(version.work_id),
        outline=store.versions.outline(version.id),
        page=page,
        page_count=version.page_count or 1,
        passage=passage,
        related=_related(passage, version) if passage else (),
        receipt=receipt,
        successor=successor,
        predecessor=store.succession.predecessor(version),
        fates=follow(store, passage) if passage else None,
        cited_by=citing_pages(store, version),
        passages=[each for each in store.passages.list(version.id) if (each.page or 1) == page.number],
    )
    session.title(t, version.title)
    markup.show(views.document(t, shown), key="document")


def _version(identity: str) -> Version:
    store = session.library().store
    try:
        return store.versions.get(identity)
    except NotFoundError:
        return store.versions.by_work(store.former_works.now(identity))[0]


def _passage(identity: str, version: Version) -> Passage | None:
    if not identity:
        return None
    passage = session.library().store.passages.get(identity)
    return passage if passage.version_id == version.id else None


def _page(version: Version, asked: str) -> Page:
    """The page of the document that is asked for, or its first; empty where no text of it is held."""
    number = int(asked) if asked.isdecimal() and 0 < int(asked) <= (version.page_count or 1) else 1
    try:
        return session.library().store.pages.get(version.id, number)
    except NotFoundError:
        return Page(number, "", version.metadata.language)


def _related(passage: Passage, version: Version) -> list[Hit]:
    """Passages of the other country, or of any where this is of neither; none while the search is getting ready."""
    library = session.library()
    if library.readiness.state != "ready":
        return []
    try:
        hits = library.related(passage.id, limit=_ASKED)
    except KbError:
        return []
    own = version.metadata.country
    return [hit for hit in hits if own not in ("uk", "jp") or hit.version.metadata.country != own][:_RELATED]
