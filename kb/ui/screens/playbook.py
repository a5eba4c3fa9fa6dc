"""The playbook in the app: its list, or one page."""

from __future__ import annotations

from kb.errors import NotFoundError
from kb.html import addresses, notices
from kb.html import playbook as views
from kb.playbook.around import around
from kb.playbook.pages import Playbook
from kb.ui import session
from kb.ui.components import markup


def show() -> None:
    """The page of the address, or the list where it names none."""
    t = session.texts()
    book = Playbook(session.library().store)
    slug = session.place(addresses.PLAYBOOK).one("page")
    if not slug:
        session.title(t, t("playbook.title"))
        markup.show(views.index(t, book.themes(t.language)), key="playbook")
        return
    try:
        page = book.page(slug, t.language)
    except NotFoundError:
        session.title(t, t("notice.gone.title"))
        markup.show(notices.gone(t), key="playbook.gone")
        return
    session.title(t, page.title)
    library = session.library()
    known = around(library.store, page, library.related_to_page(page.slug, page.language))
    markup.show(views.page(t, page, book, known), key="playbook.page")
