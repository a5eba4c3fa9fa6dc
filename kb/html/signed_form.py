"""Fields of the forms that change citations and cells: the name of whoever does it, and one line of text."""

from __future__ import annotations

from markupsafe import Markup

from kb.html.element import el
from kb.i18n import Texts


def name_field(t: Texts, identity: str, name: str) -> Markup:
    """The field for the name that stands beside the change."""
    hint = f"{identity}-hint"
    return el(
        "div",
        el("label", t("citing.field.by"), for_=identity),
        el("p", t("citing.field.by.hint"), id=hint, class_="kb-hint"),
        el(
            "input",
            type="text",
            id=identity,
            name="by",
            value=name,
            autocomplete="name",
            required=True,
            maxlength=100,
            aria_describedby=hint,
            class_="kb-input-name",
        ),
        class_="kb-field",
    )


def line_field(t: Texts, key: str, identity: str, name: str, value: str = "", *, language: str = "") -> Markup:
    """One line of text under its label, the text `key`; `language` is that of what is typed."""
    box = el("input", type="text", id=identity, name=name, value=value, lang=language or None, autocomplete="off")
    return el("div", el("label", t(key), for_=identity), box, class_="kb-field")


def hidden(**values: str) -> list[Markup]:
    """What a form sends along."""
    return [el("input", type="hidden", name=name, value=value) for name, value in values.items()]


def done_notice(t: Texts, key: str) -> Markup:
    """That something was done, the text `key`."""
    return el("div", el("p", t(key)), role="status", class_="kb-notice kb-notice-done")
