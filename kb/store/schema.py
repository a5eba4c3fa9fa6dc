"""Tables as SQLAlchemy sees them. The migrations make them; a test holds the two to each other."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()


def _table(name: str, *columns: Column[object]) -> Table:
    return Table(name, metadata, *columns)


def _text(name: str, *, key: bool = False, nullable: bool = False) -> Column[object]:
    return Column(name, String, primary_key=key, nullable=nullable and not key)


def _number(name: str, *, key: bool = False, nullable: bool = False) -> Column[object]:
    return Column(name, Integer, primary_key=key, nullable=nullable and not key)


meta = _table("meta", _text("key", key=True), _text("value"))

works = _table("works", _text("id", key=True), _text("created_at"))

versions = _table(
    "versions",
    _text("id", key=True),
    *map(_text, ("work_id", "sha256", "path", "media_type")),
    _number("size_bytes"),
    _number("page_count", nullable=True),
    _number("passage_count"),
    _number("word_count"),
    *map(_text, ("status", "title", "language", "publisher", "country", "document_type", "published")),
    _number("year", nullable=True),
    *map(_text, ("licence", "source_url", "supersedes", "extra", "slug", "added_at")),
)

sources = _table(
    "sources",
    _text("collection", key=True),
    _text("path", key=True),
    _text("sha256"),
    _text("fingerprint"),
    _text("version_id", nullable=True),
    _number("gone"),
)

pages = _table(
    "pages",
    _text("version_id", key=True),
    _number("number", key=True),
    *map(_text, ("label", "language", "text", "source")),
)

headings = _table(
    "headings",
    _text("version_id", key=True),
    _number("ordinal", key=True),
    _number("level"),
    _text("title"),
    _number("page"),
    _number("start"),
)

passages = _table(
    "passages",
    _number("row", key=True),
    _text("id"),
    _text("version_id"),
    _number("page", nullable=True),
    *map(_number, ("ordinal", "start", "end")),
    *map(_text, ("language", "section", "text", "text_hash")),
    _number("added_revision"),
    _number("retired_revision", nullable=True),
)

embeddings = _table(
    "embeddings",
    _text("model_id", key=True),
    _text("text_hash", key=True),
    Column("vector", LargeBinary, nullable=False),
)

token_vectors = _table(
    "token_vectors",
    _text("model_id", key=True),
    _text("text_hash", key=True),
    _text("codec", key=True),
    Column("codes", LargeBinary, nullable=False),
)

receipts = _table(
    "receipts",
    _number("id", key=True),
    *map(_text, ("collection", "path")),
    _text("version_id", nullable=True),
    *map(_text, ("created_at", "body")),
)

jobs = _table(
    "jobs",
    _number("id", key=True),
    *map(_text, ("filename", "sha256")),
    _number("size_bytes"),
    *map(_text, ("state", "stage")),
    *map(_number, ("done", "total")),
    *map(_text, ("version_id", "problem", "facts", "metadata", "owner")),
    _number("attempts"),
    *map(_text, ("heartbeat_at", "created_at", "finished_at")),
    *map(_text, ("batch", "outcome", "proposed")),
    _number("is_stopping"),
    _text("started_at"),
)

workers = _table("workers", _text("owner", key=True), _text("seen_at"))

corrections = _table(
    "corrections",
    _number("id", key=True),
    *map(_text, ("version_id", "field", "value", "was", "corrected_by", "corrected_at")),
)

origins = _table("origins", _text("version_id", key=True), _text("field", key=True), _text("origin"))

sketches = _table("sketches", _text("version_id", key=True), Column("sketch", LargeBinary, nullable=False))

former_works = _table("former_works", _text("id", key=True), _text("work_id"))

withdrawals = _table(
    "withdrawals",
    _number("id", key=True),
    *map(_text, ("version_id", "reason", "withdrawn_by", "withdrawn_at", "former_status")),
    *map(_text, ("restored_by", "restored_at", "made_current")),
)

deletions = _table(
    "deletions",
    _text("kind", key=True),
    _text("id", key=True),
    *map(_text, ("version_id", "deleted_at", "allowed_at")),
)

audit = _table(
    "audit",
    _number("id", key=True),
    *map(_text, ("happened_at", "actor", "action", "subject", "reason", "facts")),
)

baskets = _table("baskets", _text("id", key=True), *map(_text, ("created_at", "seen_at")))

basket_items = _table(
    "basket_items",
    _text("basket_id", key=True),
    _text("passage_id", key=True),
    _number("position"),
    *map(_text, ("note", "query", "retrieved_at", "removed_at")),
)

playbook_pages = _table(
    "playbook_pages",
    _number("id", key=True),
    *map(_text, ("slug", "created_at", "archived_at", "deleted_at")),
)

playbook_redirects = _table("playbook_redirects", _text("slug", key=True), _number("page_id"), _text("made_at"))

playbook_revisions = _table(
    "playbook_revisions",
    _number("page_id", key=True),
    _text("language", key=True),
    _number("number", key=True),
    *map(_text, ("text", "digest", "author", "summary", "made_at")),
    _number("based_on"),
    _text("origin"),
)

playbook_bodies = _table(
    "playbook_bodies",
    _number("page_id", key=True),
    _text("language", key=True),
    *map(_number, ("latest", "published")),
    _text("stage"),
    _number("agrees_with"),
    *map(_text, ("agreed_digest", "title", "summary", "theme")),
    _number("place"),
    *map(_text, ("kind", "owner", "review_on", "updated")),
)

playbook_headings = _table(
    "playbook_headings",
    _number("page_id", key=True),
    _text("language", key=True),
    _number("ordinal", key=True),
    _text("id"),
    _number("level"),
    _text("title"),
)

playbook_links = _table(
    "playbook_links",
    _number("page_id", key=True),
    _text("language", key=True),
    _number("ordinal", key=True),
    *map(_text, ("kind", "target", "fragment", "heading")),
)

playbook_drafts = _table(
    "playbook_drafts",
    _text("owner", key=True),
    _text("slug", key=True),
    _text("language", key=True),
    _number("based_on"),
    *map(_text, ("text", "saved_at")),
)

playbook_comments = _table(
    "playbook_comments",
    _number("id", key=True),
    _number("page_id"),
    _text("language"),
    _number("revision"),
    *map(_text, ("heading", "quoted", "author", "text", "made_at")),
    _number("answers", nullable=True),
    *map(_text, ("settled_by", "settled_at")),
)

playbook_checks = _table(
    "playbook_checks",
    _number("page_id", key=True),
    _text("language", key=True),
    _text("passage_id", key=True),
    *map(_text, ("state", "checked_by", "checked_at", "stamp")),
)

playbook_watches = _table(
    "playbook_watches",
    _text("owner", key=True),
    _text("kind", key=True),
    _text("target", key=True),
    *map(_text, ("email", "language", "made_at", "told_at")),
)

playbook_images = _table(
    "playbook_images",
    _text("name", key=True),
    _text("media_type"),
    *map(_number, ("width", "height", "size_bytes")),
    *map(_text, ("words", "added_by", "added_at")),
)

playbook_searches = _table(
    "playbook_searches",
    _number("id", key=True),
    *map(_text, ("query", "country", "searched_on", "searched_by")),
    _number("revision"),
    _text("found"),
)
