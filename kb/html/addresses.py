"""Addresses of the product: those of the screens, which keep the language, and the permanent ones, which do not."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from kb.model.works import Version
from kb.text.language import Language

Parameters = Iterable[tuple[str, str]]

SEARCH, LIBRARY, DOCUMENT, PLAYBOOK, GLOSSARY, ADD = "/", "/library", "/document", "/wiki", "/terms", "/add"
BASKET = "/basket"
"""Answered by the server alone: it is no screen of the app."""
UPLOADS = "/uploads"
"""Adding documents without scripts, and where every upload is sent."""
EDIT = "/edit"
"""What is known of a document, to be completed or corrected."""
SCREENS = (SEARCH, LIBRARY, DOCUMENT, PLAYBOOK, GLOSSARY, ADD, EDIT)

WRITING = "/pages"
"""Below it the server answers for everything that is done with playbook pages but reading them."""

RECORDS, EXPORT = "/records", "/export"
"""Pages that the server makes, and where the export is asked for."""
LARGE = "large"
"""The value of `size` that asks for a larger picture."""

_ENDINGS = {
    "application/pdf": "pdf",
    "text/html": "html",
    "text/markdown": "md",
    "text/plain": "txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


def screen(path: str, language: Language, parameters: Parameters = (), *, fragment: str = "") -> str:
    """Address of a screen in `language`; parameters without a value are left out."""
    query = urlencode([*((name, value) for name, value in parameters if value), ("lang", language)])
    return f"{path}?{query}" + (f"#{quote(fragment)}" if fragment else "")


def document(language: Language, version_id: str, *, page: int | None = None, passage: str = "") -> str:
    """Address of the screen that shows a document, opened at a page or passage."""
    shown = f"{page}" if page else ""
    fragment = "passage" if passage else "page" if page else ""
    parameters = [("id", version_id), ("page", shown), ("passage", passage)]
    return screen(DOCUMENT, language, parameters, fragment=fragment)


def edit(language: Language, version_id: str) -> str:
    """Address of the screen that completes and corrects what is known of a document."""
    return screen(EDIT, language, [("id", version_id)])


def playbook_screen(language: Language, slug: str = "", *, fragment: str = "") -> str:
    """Address of the screen that shows a playbook page, or the list of them."""
    return screen(PLAYBOOK, language, [("page", slug)], fragment=fragment)


def playbook_page(slug: str, *, fragment: str = "") -> str:
    """Permanent address of a playbook page or one of its headings."""
    return f"/playbook/{quote(slug)}" + (f"#{quote(fragment)}" if fragment else "")


def writing(language: Language, action: str, slug: str = "", parameters: Parameters = (), *, fragment: str = "") -> str:
    """Address of what is done with playbook pages: `edit`, `history`, ... of one, or `changes`, `links`, ... of all."""
    return screen(f"{WRITING}/{action}" + (f"/{quote(slug)}" if slug else ""), language, parameters, fragment=fragment)


def citations(language: Language, /, *, page: str = "", fragment: str = "", **chosen: str) -> str:
    """Address of the sources that have changed since they were checked, of every playbook page or of one."""
    return writing(language, "citations", parameters=[("page", page), *chosen.items()], fragment=fragment)


def cells(language: Language, slug: str, body: Language, *, fragment: str = "", **asked: str) -> str:
    """Address where the table of a page that compares is filled in, in the language of one of its bodies."""
    return writing(language, "cells", slug, [("body", body), *asked.items()], fragment=fragment)


def playbook_image(name: str) -> str:
    """Permanent address of an image of the playbook."""
    return f"/playbook/images/{quote(name, safe='')}"


def changes_feed(language: Language) -> str:
    """Address of the changes of the playbook as an Atom feed."""
    return screen(f"{WRITING}/changes.atom", language)


def page_settings(language: Language, slug: str) -> str:
    """Address where a playbook page is moved, archived, deleted and brought back."""
    return writing(language, "settings", slug)


def glossary(term_id: str = "") -> str:
    """Permanent address of the glossary or one of its terms."""
    return "/glossary" + (f"#{quote(term_id)}" if term_id else "")


def passage(passage_id: str) -> str:
    """Permanent address of a passage."""
    return f"/c/{quote(passage_id, safe='')}"


def passage_page(
    language: Language, passage_id: str, *, page: int | None = None, query: str = "", large: bool = False
) -> str:
    """Address of a passage beside the picture of its page, or of another page, with words of `query` underlined."""
    parameters = [("page", f"{page or ''}"), ("q", query), ("size", LARGE if large else "")]
    return screen(passage(passage_id), language, parameters, fragment="page" if page or large else "")


def keeping(language: Language, version_id: str) -> str:
    """Address of the page where a version is withdrawn, restored or deleted."""
    return screen(f"/keeping/{quote(version_id, safe='')}", language)


def records(language: Language, *, page: int = 1, done: str = "") -> str:
    """Address of the record of changes, after something was `done`."""
    return screen(RECORDS, language, [("p", str(page) if page > 1 else ""), ("done", done)])


def work(version: Version) -> str:
    """Permanent address of a work, whatever its newest edition is."""
    return f"/d/{quote(version.work_id, safe='')}"


def edition(version: Version) -> str:
    """Permanent address of one edition of a work."""
    return edition_of(version.work_id, version.id)


def edition_of(work_id: str, version_id: str) -> str:
    """Permanent address of an edition that may be held no longer."""
    return f"/d/{quote(work_id, safe='')}/{quote(version_id, safe='')}"


def changes_between(before: Version, after: Version) -> str:
    """Permanent address of what changed from one edition to another."""
    return f"{edition(before)}/changes/{quote(after.id, safe='')}"


def changes(language: Language, before: Version, after: Version, *, part: int = 1, fragment: str = "") -> str:
    """Address of what changed from one edition to another, in the language of the reader, at a part of it."""
    parameters = [("p", f"{part}" if part > 1 else "")]
    return screen(changes_between(before, after), language, parameters, fragment=fragment)


def basket(language: Language, *, removed: str = "", noted: str = "", fragment: str = "") -> str:
    """Address of what a reader has collected, after something was `removed` or `noted`."""
    return screen(BASKET, language, [("removed", removed), ("noted", noted)], fragment=fragment)


def basket_change(language: Language, change: str) -> str:
    """Address that changes what a reader has collected, by POST."""
    return screen(f"{BASKET}/{change}", language)


def evidence_file(language: Language, ending: str) -> str:
    """Address of what a reader has collected as a file."""
    return screen(f"{BASKET}/evidence.{ending}", language)


def file(version: Version, *, page: int | None = None) -> str:
    """Address of the bytes of a version, opened at a page where the browser can."""
    anchor = f"#page={page}" if page and version.media_type == "application/pdf" else ""
    return f"/files/{quote(version.id, safe='')}.{file_ending(version)}{anchor}"


def picture(version: Version, page: int, *, passage: str = "", query: str = "", large: bool = False) -> str:
    """Address of a page of a PDF as a picture, with a passage boxed and words of `query` underlined."""
    parameters = {"passage": passage, "q": query, "size": LARGE if large else ""}
    marked = urlencode({name: value for name, value in parameters.items() if value})
    return f"/files/{quote(version.id, safe='')}/page-{page}.jpg" + (f"?{marked}" if marked else "")


def upload(job_id: int, action: str, place: str) -> str:
    """Where a form asks to `stop` or `retry` a file; `place` is where it leads back to."""
    return f"{UPLOADS}/{job_id}/{action}?" + urlencode({"next": place})


def upload_batch(batch: str, place: str) -> str:
    """Where a form asks to stop every file of a batch; `place` is where it leads back to."""
    return f"{UPLOADS}/batches/{quote(batch, safe='')}/stop?" + urlencode({"next": place})


def file_ending(version: Version) -> str:
    """How the name of the file of a version ends."""
    return _ENDINGS.get(version.media_type, "bin")


def in_language(place: str, language: Language) -> str:
    """The same place in `language`."""
    parts = urlsplit(place)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    return screen(parts.path, language, kept, fragment=parts.fragment)


def is_local(place: str) -> bool:
    """Whether `place` is an address of this site: a path, and not one that browsers read as another host."""
    refused = any(character < " " or character in "\\\x7f" for character in place)  # browsers read past these
    return place.startswith("/") and not place.startswith("//") and not refused


def way_back(place: str, language: Language) -> str:
    """`place` in `language`, or the first page where `place` would lead to another site."""
    there = in_language(place, language) if is_local(place) else ""
    return there if is_local(there) else in_language(SEARCH, language)


def switch_language(to: Language, place: str) -> str:
    """Address that sets the language and comes back to `place`."""
    return "/set-lang?" + urlencode({"to": to, "next": place})
