"""The playbook in the app: its list, or one page."""

from __future__ import annotations

from kb.errors import NotFoundError
from kb.html import addresses, notices
from kb.html import playbook as views
from kb.playbook.around import around
from kb.playbook.pages import Playbook
from kb.playbook.watching import watched
from kb.ui import session
from kb.ui.components import markup


def show() -> None:
    """The page of the address, or the list where it names none."""
    t = session.texts()
    book = Playbook(session.library().store)
    slug = session.place(addresses.PLAYBOOK).one("page")
    if not slug:
        session.title(t, t("playbook.title"))
        seen = watched(session.library().store, session.owner())
        markup.show(views.index(t, book.themes(t.language), watched=seen), key="playbook")
        return
    try:
        page = book.page(slug, t.language)
    except NotFoundError:
        session.title(t, t("notice.gone.title"))
        markup.show(notices.gone(t), key="playbook.gone")
        return
    session.title(t, page.title)
    library = session.library()
    related = library.related_to_page(page.slug, page.language)
    known = around(library.store, page, related, owner=session.owner())
    markup.show(views.page(t, page, book, known), key="playbook.page")
