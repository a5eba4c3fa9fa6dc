"""What a request opens for writing: a page, a language, the text that is edited, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kb.errors import EditConflictError, NotFoundError
from kb.html import addresses
from kb.html import playbook as reading
from kb.html.playbook_beside import Beside
from kb.html.playbook_conflict import Conflict
from kb.html.playbook_editor import Editor
from kb.html.playbook_fields import Form
from kb.html.playbook_links import PERMANENT, Links
from kb.model.playbook import Revision, WikiPage
from kb.playbook.checking import Remark, remarks
from kb.playbook.comparing import compare_texts
from kb.playbook.headings import headings, with_ids
from kb.playbook.merge import merge
from kb.playbook.pages import Playbook
from kb.playbook.render import Rendered, render
from kb.playbook.slugs import is_slug
from kb.playbook.source import Source
from kb.playbook.templates import TEMPLATES, template, translation
from kb.playbook.typed import opened, plain_lines
from kb.store import Store
from kb.text.language import LANGUAGES, Language, other_language
from kb.web.pages import page as whole_page
from kb.web.requests import library, texts


@dataclass(frozen=True, slots=True)
class Opened:
    """A body opened for writing: `source` is revision `based_on`, or what a new body begins with.

    `page` is None for a new page; `latest` is the newest revision, None for the first of the body.
    """

    language: Language
    page: WikiPage | None
    latest: Revision | None
    based_on: int
    source: Source
    other: Revision | None = None
    wanted: str = ""
    template: str = ""

    @property
    def key(self) -> str:
        """What drafts of this body are known by; an address can begin with no plus."""
        return self.page.slug if self.page else f"+{self.wanted}"

    @property
    def agrees(self) -> str:
        """Whether the box that says that both languages agree is ticked to begin with: for a first translation."""
        return "1" if self.page is not None and self.latest is None else ""

    @property
    def is_published(self) -> bool:
        """Whether readers see the text that was opened."""
        body = self.page.bodies.get(self.language) if self.page else None
        return body is not None and body.published == self.based_on and body.latest == self.based_on

    def still_held(self, number: int) -> int:
        """A revision that a draft was made from, if the body has it."""
        return number if self.latest is not None and 0 <= number <= self.latest.number else self.based_on

    def again(self, store: Store, slug: str, number: int) -> Opened:
        """The same body opened at revision `number`, which has been saved meanwhile; a new page has got its `slug`."""
        page = store.wiki.get(self.page.slug if self.page else slug)
        assert page is not None, "only a page that is there can have been changed"
        revision = store.revisions.get(page.id, self.language, number)
        return replace(self, page=page, latest=revision, based_on=number, source=opened(revision.text))


def open_page(request: Request, *, based_on: str = "") -> Opened | Response:
    """What the address of the request means, opened at revision `based_on`; or the answer where that is nothing."""
    t, store = texts(request), library(request).store
    query = request.query_params
    slug = request.path_params.get("slug", "")
    page = store.wiki.get(slug) if slug and is_slug(slug) else None
    if slug and page is None:
        wanted = slug if is_slug(slug) else ""
        return RedirectResponse(addresses.writing(t.language, "new", parameters=[("slug", wanted)]), 303)
    if page is not None and page.deleted_at:
        return whole_page(request, title=t("playbook.deleted.title"), body=reading.deleted(t, page.slug), status=410)
    if page is not None and page.slug != slug and request.method == "GET":
        kept = [(name, value) for name, value in query.items() if name != "lang"]
        return RedirectResponse(addresses.writing(t.language, "edit", page.slug, kept), 303)
    language = _language(request, page)
    if page is None:
        name = query.get("template", "") if query.get("template", "") in TEMPLATES else ""
        wanted = query.get("slug", "") if is_slug(query.get("slug", "")) else ""
        return Opened(language, None, None, 0, template(name, language), wanted=wanted, template=name)
    return _body(store, page, language, based_on)


def editor_of(request: Request, found: Opened, fields: Mapping[str, str], *, based_on: int) -> Editor:
    """The form of `found` with `fields` in it."""
    return Editor(
        language=found.language,
        form=Form(texts(request), fields, found.language),
        based_on=based_on,
        key=found.key,
        page=found.page,
        latest=found.latest,
        wanted=found.wanted,
        template=found.template,
        themes=_themes(library(request).store, found.language),
        other=beside(request, found, fields.get("body", "")),
        is_beside=bool(request.query_params.get("beside")),
    )


def beside(request: Request, found: Opened, body: str) -> Beside | None:
    """The other language's body, and which of its headings `body` lacks."""
    if found.other is None:
        return None
    source = opened(found.other.text)
    own = {each.id for each in headings(plain_lines(body))}
    rendered, _ = rendered_with_remarks(request, source.body)
    missing = [each for each in headings(source.body) if each.id not in own]
    return Beside(found.other.language, source.one("title"), rendered, missing)


def rendered_with_remarks(request: Request, body: str) -> tuple[Rendered, Sequence[Remark]]:
    """A text as readers will see it, and what in it leads nowhere."""
    store, t = library(request).store, texts(request)
    text = plain_lines(body)
    rendered = render(text, resolve=Links(t, PERMANENT, Playbook(store)), t=t)
    return rendered, remarks(store, text, rendered)


def conflict_of(store: Store, before: Opened, after: Opened, mine: Source, error: EditConflictError) -> Conflict:
    """What two edits of the same revision differ in; `mine` is the one that could not be saved."""
    assert after.page is not None
    assert after.latest is not None
    base = before.source if before.based_on else Source("", "")
    others = store.wiki_links.headings(after.page.id, other_language(after.language))
    places = merge(base.body, with_ids(mine.body, others), after.source.body).conflicts
    changed = compare_texts(base.text, after.latest.text)
    return Conflict(places, changed, error.values, after.latest)


def _body(store: Store, page: WikiPage, language: Language, based_on: str) -> Opened:
    """A body of a page at a revision, or what the first one in a language begins with."""
    other_body = page.bodies.get(other_language(language))
    other = store.revisions.get(page.id, other_body.language, other_body.latest) if other_body else None
    body = page.bodies.get(language)
    if body is None:
        begun = translation(opened(other.text), list(headings(opened(other.text).body))) if other else Source("", "")
        theme = _theme_of(store, other_body.theme, language) if other_body else ""
        return Opened(language, page, None, 0, begun.with_values({"theme": theme}), other)
    latest = store.revisions.get(page.id, language, body.latest)
    number = int(based_on) if based_on.isascii() and based_on.isdecimal() and len(based_on) < 9 else body.latest
    if number == 0:  # the form was opened before there was a body
        return Opened(language, page, latest, 0, Source("", ""), other)
    try:
        source = store.revisions.get(page.id, language, number)
    except NotFoundError:
        source = latest
    return Opened(language, page, latest, source.number, opened(source.text), other)


def _language(request: Request, page: WikiPage | None) -> Language:
    """Which body is written: the one that is named, else the reader's, else the one that there is.

    Whoever asks to see the other language beside it wants to write their own.
    """
    named = next((each for each in LANGUAGES if each == request.query_params.get("body")), None)
    own = texts(request).language
    if named or page is None or own in page.bodies or request.query_params.get("beside"):
        return named or own
    return next(iter(page.bodies), own)


def _themes(store: Store, language: Language) -> Sequence[str]:
    bodies = [page.bodies[language] for page in store.wiki.list() if language in page.bodies]
    return list(dict.fromkeys(body.theme for body in sorted(bodies, key=lambda body: body.place) if body.theme))


def _theme_of(store: Store, theme: str, language: Language) -> str:
    """What pages of a theme in the other language have as theirs in `language`."""
    other = other_language(language)
    pairs = [page.bodies for page in store.wiki.list() if len(page.bodies) == 2]
    return next((bodies[language].theme for bodies in pairs if bodies[other].theme == theme), "") if theme else ""
