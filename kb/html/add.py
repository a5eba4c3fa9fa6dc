"""The page for adding documents: the limits, and the form that sends files and what is known of them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.html.search_address import COUNTRIES, DOCUMENT_TYPES
from kb.i18n import Texts
from kb.text.language import LANGUAGES

FIELDS = ("title", "publisher", "country", "language", "document_type", "published", "licence")
"""What an uploader may say of the documents; names of the fields of the form."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "country": COUNTRIES,
    "language": LANGUAGES,
    "document_type": DOCUMENT_TYPES,
}
"""Fields with a choice, and what can be chosen; none of them need be."""

_ENDINGS = ".pdf,.docx,.md,.markdown,.html,.htm,.txt"
_SCRIPT_TEXTS = ("chosen", "chosen_one", "too_large", "not_sent", "sending", "received", "failed", "leave")
"""Texts of the catalogue that the script fills in, below `add.script`."""


def intro(t: Texts, *, max_upload_mb: int, max_pages: int) -> Markup:
    """Title, what can be added, and the limits."""
    limits = [
        t("add.limit.kinds"),
        t("add.limit.size", size=max_upload_mb, pages=max_pages),
        t("add.limit.text"),
        t("add.limit.public"),
    ]
    return el(
        "div",
        el("h1", t("add.title")),
        el("p", t("add.lead"), class_="kb-lead"),
        el("ul", [el("li", limit) for limit in limits], class_="kb-limits"),
    )


def form(t: Texts, *, batch: str, max_upload_mb: int, screen: str) -> Markup:
    """The form. It works as it is; with scripts files can be dropped on it, and each shows how much of it was sent.

    `batch` names the files of one sending, `screen` is where the list of uploads stands.
    """
    texts = {name: t(f"add.script.{name}", size=max_upload_mb) for name in _SCRIPT_TEXTS}
    done = addresses.screen(screen, t.language, fragment="jobs-title")
    drop = el(
        "div",
        el("h2", el("label", t("add.files"), for_="add-files")),
        el("p", t("add.files_hint"), id="add-files-hint", class_="kb-hint"),
        el(
            "input",
            type="file",
            id="add-files",
            name="files",
            multiple=True,
            required=True,
            accept=_ENDINGS,
            aria_describedby="add-files-hint",
        ),
        el("label", t("add.choose"), for_="add-files", class_="kb-button kb-button-plain kb-choose"),
        el("p", t("add.drop_hint"), class_="kb-hint kb-drop-hint"),
        class_="kb-drop",
    )
    return el(
        "form",
        el("input", type="hidden", name="batch", value=batch),
        drop,
        el("div", class_="kb-sent", data_sent=True),
        el(
            "fieldset",
            el("legend", t("add.about")),
            el("p", t("add.about_hint"), class_="kb-hint"),
            el("div", _fields(t), class_="kb-fields"),
        ),
        el("p", el("button", t("add.button"), type="submit", class_="kb-button")),
        el("a", t("add.see"), href=done, data_nav=True, data_stay=True, data_after=True, hidden=True),
        action=addresses.screen(addresses.UPLOADS, t.language),
        method="post",
        enctype="multipart/form-data",
        data_upload=True,
        data_max_bytes=str(max_upload_mb * 1_000_000),
        data_texts=json.dumps(texts, ensure_ascii=False),
        class_="kb-upload",
    )


def no_file(t: Texts) -> Markup:
    """The form was sent without a file."""
    return el("div", el("p", t("add.no_file")), class_="kb-notice kb-notice-problem", role="alert")


def _fields(t: Texts) -> list[Markup]:
    return [
        _text(t, "title", t("add.field.title_hint")),
        _text(t, "publisher"),
        _choice(t, "country", "country.name"),
        _choice(t, "language", "language"),
        _choice(t, "document_type", "type"),
        _text(t, "published", t("add.field.published_hint")),
        _text(t, "licence", t("add.field.licence_hint")),
    ]


def _text(t: Texts, name: str, hint: str = "") -> Markup:
    return el(
        "div",
        el("label", t(f"add.field.{name}"), for_=f"add-{name}", class_="kb-label"),
        el("p", hint, id=f"add-{name}-hint", class_="kb-hint") if hint else None,
        el(
            "input",
            type="text",
            id=f"add-{name}",
            name=name,
            maxlength="300",
            autocomplete="off",
            aria_describedby=f"add-{name}-hint" if hint else None,
        ),
        class_="kb-field",
    )


def _choice(t: Texts, name: str, key: str) -> Markup:
    options = [el("option", t("add.unknown"), value="")]
    options += [el("option", t(f"{key}.{value}"), value=value) for value in CHOICES[name]]
    return el(
        "div",
        el("label", t(f"add.field.{name}"), for_=f"add-{name}", class_="kb-label"),
        el("select", options, id=f"add-{name}", name=name),
        class_="kb-field",
    )
