"""The playbook as a folder of Markdown files: brought in from it, and written to it byte for byte."""

from __future__ import annotations

import logging
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection

from kb.errors import ManifestError
from kb.model.playbook import Body, Origin
from kb.playbook import derived
from kb.playbook.saving import agree, publish_body
from kb.playbook.slugs import is_slug
from kb.playbook.source import Source
from kb.store import Store
from kb.store.revisions import add_revision, digest, number_of, revision_of
from kb.store.wiki_pages import add_page, add_redirect, bodies_in, page_at, set_body
from kb.text.language import LANGUAGES, Language, other_language

log = logging.getLogger(__name__)

STATE = "playbook.toml"
"""What no page says of itself: former addresses, and translations that are behind."""

_STARTED_BY = "Kakehashi editors"
PageName = tuple[str, Language]


@dataclass(slots=True)
class Imported:
    """What an import did, page by page; `kept` are starter pages that somebody has edited, `refused` why not."""

    added: list[PageName] = field(default_factory=list)
    changed: list[PageName] = field(default_factory=list)
    same: list[PageName] = field(default_factory=list)
    kept: list[PageName] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def bring_in_starters(store: Store, folder: Path) -> Imported:
    """Bring in the pages that come with the product: new ones, and new texts of those that nobody has edited."""
    return _brought_in(store, folder, origin="starter", author=_STARTED_BY, summary="")


def import_folder(store: Store, folder: Path, *, author: str, summary: str = "") -> Imported:
    """Bring in a folder `<language>/<slug>.md`, every file that differs as a new published revision.

    Pages that the folder does not have stay. Raises `ManifestError` where there is no such folder or its state cannot
    be read.
    """
    if not any((folder / language).is_dir() for language in LANGUAGES):
        raise ManifestError(
            f"There is no playbook in {folder}.", remedy="It has the folders en and ja.", path=str(folder)
        )
    state = _read_state(folder)
    done = _brought_in(store, folder, origin="import", author=author, summary=summary)
    with store.database.write() as connection:
        _keep_state(connection, state)
    return done


def export_folder(store: Store, folder: Path) -> Sequence[str]:
    """Write every published page to `folder/<language>/<slug>.md`, in place of what was there; gives the paths.

    Only folders of the two languages and the state are replaced, once everything is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(published_texts(store))
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as made:
        for path, text in files.items():
            file = Path(made, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        for language in LANGUAGES:
            if (folder / language).is_dir():
                shutil.rmtree(folder / language)
            if Path(made, language).is_dir():
                Path(made, language).rename(folder / language)
        (folder / STATE).unlink(missing_ok=True)
        if STATE in files:
            Path(made, STATE).rename(folder / STATE)
    return sorted(files)


def published_texts(store: Store) -> Iterator[tuple[str, str]]:
    """Paths and texts of what `export_folder` writes."""
    pages = store.wiki.list(archived=True)
    for page in pages:
        for language, body in page.bodies.items():
            if body.published:
                yield f"{language}/{page.slug}.md", store.revisions.get(page.id, language, body.published).text
    state = _state(store)
    if state:
        yield STATE, state


def _brought_in(store: Store, folder: Path, *, origin: Origin, author: str, summary: str) -> Imported:
    done = Imported()
    texts = dict(_texts(folder, done))
    with store.database.read() as connection:
        is_new = any(_differs(connection, name, text) for name, text in texts.items())
    if not is_new:
        done.same = list(texts)
        return done
    with store.database.write() as connection:
        touched = set()
        for (slug, language), text in texts.items():
            outcome, page_id = _take_in(connection, slug, language, text, origin, author, summary)
            getattr(done, outcome).append((slug, language))
            if outcome in ("added", "changed"):
                touched.add(page_id)
        for page_id in touched:
            agree(connection, page_id)
    return done


def _take_in(
    connection: Connection, slug: str, language: Language, text: str, origin: Origin, author: str, summary: str
) -> tuple[str, int]:
    page = page_at(connection, slug)
    page_id = page.id if page else add_page(connection, slug)
    before = page.bodies.get(language) if page else None
    if before is not None:
        latest = revision_of(connection, page_id, language, before.latest)
        if latest.text == text:
            return "same", page_id
        if origin == "starter" and (latest.origin not in ("starter", "move") or (page and page.deleted_at)):
            return "kept", page_id
    number = before.latest + 1 if before else 1
    based_on = before.latest if before else 0
    names = {"author": author, "summary": summary}
    add_revision(connection, page_id, language, number, text, **names, based_on=based_on, origin=origin)
    body = before or derived.new_body(language, number, number, "published")
    shown = replace(body, latest=number, published=number, stage="published")
    publish_body(connection, page_id, shown, text=text)
    return ("changed" if before else "added"), page_id


def _differs(connection: Connection, name: PageName, text: str) -> bool:
    slug, language = name
    page = page_at(connection, slug)
    body = page.bodies.get(language) if page else None
    return page is None or body is None or number_of(connection, page.id, language, digest(text)) != body.latest


def _texts(folder: Path, done: Imported) -> Iterator[tuple[PageName, str]]:
    for language in LANGUAGES:
        root = folder / language
        for file in sorted(root.rglob("*.md")):
            slug = file.relative_to(root).with_suffix("").as_posix()
            try:
                if not is_slug(slug):
                    raise ManifestError("Its name is no address.", remedy="Use small letters, digits and hyphens.")
                text = file.read_bytes().decode()
                _ = Source.read(text).fields
            except (ManifestError, UnicodeDecodeError) as error:
                done.refused[f"{language}/{slug}.md"] = str(error)
                log.warning("A page of the playbook was left out: %s/%s.md: %s", language, slug, error)
                continue
            yield (slug, language), text


def _state(store: Store) -> str:
    """Former addresses and pairs that do not agree, as TOML; empty where there are none."""
    lines = [f'"{former}" = "{present}"' for former, present in sorted(store.wiki.redirects().items())]
    redirects = ["[redirects]", *lines, ""] if lines else []
    behind = [line for page in store.wiki.list(archived=True) for line in _behind(page.slug, page.bodies)]
    pairs = ["# The revision of the other language, by its SHA-256, that each body was last brought up to.", *behind]
    return "\n".join([*redirects, *(["[pairs]", *pairs, ""] if behind else [])])


def _behind(slug: str, bodies: Mapping[Language, Body]) -> Iterator[str]:
    for language, body in bodies.items():
        other = bodies.get(other_language(language))
        if other is None or not (body.published and other.published) or body.agrees_with == other.published:
            continue
        yield f'"{language}/{slug}" = "{body.agreed_digest}"'


def _read_state(folder: Path) -> Mapping[str, Mapping[str, str]]:
    file = folder / STATE
    if not file.is_file():
        return {}
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
        found = {name: dict(read.get(name, {})) for name in ("redirects", "pairs")}
        if not all(isinstance(value, str) for table in found.values() for value in table.values()):
            raise ValueError("a value is no text")
    except (ValueError, TypeError, OSError) as error:
        raise ManifestError(f"{STATE} cannot be read: {error}.", remedy="Correct it.", path=STATE) from error
    return found


def _keep_state(connection: Connection, state: Mapping[str, Mapping[str, str]]) -> None:
    for former, present in state.get("redirects", {}).items():
        page = page_at(connection, present)
        taken = page_at(connection, former)
        if page is not None and is_slug(former) and (taken is None or taken.slug != former):
            add_redirect(connection, former, page.id)
    for name, seen in state.get("pairs", {}).items():
        language, _, slug = name.partition("/")
        page = page_at(connection, slug)
        if page is None or language not in LANGUAGES:
            continue
        for each, body in bodies_in(connection, page.id).items():
            if each == language:
                number = number_of(connection, page.id, other_language(each), seen) if seen else 0
                set_body(connection, page.id, replace(body, agrees_with=number, agreed_digest=seen))
