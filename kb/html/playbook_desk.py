"""The place where the text of a playbook page is written: buttons, the text, and what can stand beside it.

Everything but the text itself needs a script and is hidden without it; links to plain pages do the same work then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.html.frame import LANGUAGE_NAMES
from kb.html.playbook_beside import Beside, beside
from kb.html.playbook_fields import Form
from kb.i18n import Texts
from kb.text.language import Language

_TOOLS = ("bold", "heading", "list", "table", "link", "cite", "image", "box")
_PANELS = ("preview", "evidence", "images", "other")
_SAID = (
    *("bold", "heading", "item", "link", "table", "box", "unsaved", "saving", "saved", "offline", "gone"),
    *("completions", "searching", "failed", "uploading", "uploaded", "place"),
)
"""What the scripts say, below `writing.said`."""


def desk(form: Form, language: Language, *, draft: Mapping[str, str], other: Beside | None, is_beside: bool) -> Markup:
    """The text with its buttons, and beside it a preview, evidence, images and the other language.

    `draft` is what its drafts are known by.
    """
    t = form.t
    text = el(
        "textarea",
        "\n" + form.fields.get("body", ""),  # browsers drop the first line end
        id="kb-body",
        name="body",
        lang=language,
        rows="26",
        spellcheck="true",
        autocomplete="off",
        data_editor=True,
        data_texts=json.dumps({each: t(f"writing.said.{each}") for each in _SAID}, ensure_ascii=False),
        data_preview=addresses.writing(t.language, "preview"),
        data_titles=addresses.writing(t.language, "titles"),
        data_drafts=addresses.writing(t.language, "draft"),
        data_find=addresses.writing(t.language, "find"),
        data_images=addresses.writing(t.language, "images"),
        **{f"data_draft_{name}": value for name, value in draft.items()},
        **form.attributes("body"),
    )
    written = el(
        "div",
        form.around("body", _toolbar(t), text),
        el("div", _status(t), _type(t), class_="kb-desk-foot"),
        class_="kb-desk-text",
    )
    return el("div", written, _side(t, other, is_beside=is_beside), class_="kb-desk")


def _toolbar(t: Texts) -> Markup:
    buttons = [
        el(
            "button",
            t(f"writing.tool.{name}"),
            type="button",
            data_tool=name,
            title=t(f"writing.tool.{name}.title"),
            class_="kb-tool",
        )
        for name in _TOOLS
    ]
    return el(
        "div", buttons, role="toolbar", aria_label=t("writing.tools"), aria_controls="kb-body", hidden=True,
        class_="kb-tools",
    )  # fmt: skip


def _status(t: Texts) -> Markup:
    return el("p", t("writing.help"), class_="kb-hint", data_status=True)


def _type(t: Texts) -> Markup:
    box = el("input", type="checkbox", id="kb-mono", data_mono=True)
    return el("label", box, el("span", t("writing.mono")), class_="kb-box", hidden=True)


def _side(t: Texts, other: Beside | None, *, is_beside: bool) -> Markup:
    shown = [each for each in _PANELS if each != "other" or other is not None]
    tabs = [
        el(
            "button",
            LANGUAGE_NAMES[other.language] if name == "other" and other else t(f"writing.panel.{name}"),
            lang=other.language if name == "other" and other else None,
            type="button",
            aria_expanded="false",
            aria_controls=f"kb-panel-{name}",
            data_panel=name,
            data_first=name == "other" and is_beside,
        )
        for name in shown
    ]
    return el(
        "div",
        el("div", tabs, role="group", aria_label=t("writing.panels"), hidden=True, class_="kb-panels"),
        _panel(t, "preview", el("div", el("p", t("writing.preview.wait"), class_="kb-hint"), data_preview_here=True)),
        _panel(t, "evidence", _evidence(t)),
        _panel(t, "images", _images(t)),
        _panel(t, "other", beside(t, other), is_shown=is_beside) if other else None,
        el(
            "p",
            el("a", t("writing.find.open"), href=addresses.writing(t.language, "find"), target="_blank"),
            el("br"),
            el("a", t("writing.images.open"), href=addresses.writing(t.language, "images"), target="_blank"),
            class_="kb-without-script",
        ),
        class_="kb-desk-side",
    )


def _panel(t: Texts, name: str, content: Markup, *, is_shown: bool = False) -> Markup:
    return el(
        "section", content, id=f"kb-panel-{name}", aria_label=t(f"writing.panel.{name}"), hidden=not is_shown,
        tabindex="-1", class_="kb-panel",
    )  # fmt: skip


def _evidence(t: Texts) -> Markup:
    """The search of the panel. It stands in the form of the page, so it is none itself; the script sends it."""
    return el(
        "div",
        el("label", t("writing.find.label"), for_="kb-find"),
        el("p", t("writing.find.hint"), class_="kb-hint", id="kb-find-hint"),
        el(
            "div",
            el("input", type="search", id="kb-find", aria_describedby="kb-find-hint", autocomplete="off"),
            el("button", t("writing.find.button"), type="button", data_find_button=True, class_="kb-button"),
            class_="kb-search-row",
        ),
        el("div", data_found=True),
        class_="kb-search",
    )


def _images(t: Texts) -> Markup:
    return el(
        "div",
        el("div", el("label", t("writing.images.file"), for_="kb-image"),
           el("p", t("writing.images.kinds"), id="kb-image-hint", class_="kb-hint"),
           el("input", type="file", id="kb-image", accept="image/png,image/jpeg,image/gif,image/webp",
              aria_describedby="kb-image-hint"), class_="kb-field"),
        el("div", el("label", t("writing.images.words"), for_="kb-image-words"),
           el("p", t("writing.images.words.hint"), id="kb-image-words-hint", class_="kb-hint"),
           el("input", type="text", id="kb-image-words", aria_describedby="kb-image-words-hint", autocomplete="off"),
           class_="kb-field"),
        el("p", el("button", t("writing.images.add"), type="button", data_image_button=True,
                   class_="kb-button kb-button-plain")),
        el("p", role="alert", data_image_problem=True, class_="kb-error"),
        el("div", data_image_list=True),
    )  # fmt: skip
