"""Images of the playbook: adding one, and choosing among those that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kb.errors import KbError
from kb.html import addresses, notices
from kb.html.element import el, spaced
from kb.html.playbook_fields import Form
from kb.i18n import Texts, date_text, size_text
from kb.model.wiki_writing import WikiImage


def images_page(
    t: Texts, images: Sequence[WikiImage], fields: Mapping[str, str], *, error: KbError | None = None, added: str = ""
) -> Markup:
    """The page for writers without scripts: a form, and the images with the mark-up to copy."""
    form = Form(t, fields)
    new = next((each for each in images if each.name == added), None)
    return el(
        "div",
        notices.problem(t, error) if error else None,
        _added(t, new) if new else None,
        el("h1", t("writing.images.title")),
        el("p", t("writing.images.lead"), class_="kb-measure"),
        el(
            "form",
            form.around("file", el("input", type="file", id="kb-file", name="file", aria_describedby="kb-file-hint")),
            form.line("words"),
            form.line("by"),
            el("button", t("writing.images.add"), type="submit", class_="kb-button"),
            method="post",
            action=addresses.writing(t.language, "images"),
            enctype="multipart/form-data",
            class_="kb-form",
        ),
        el("h2", t("writing.images.all")),
        image_list(t, images),
    )


def image_list(t: Texts, images: Sequence[WikiImage]) -> Markup:
    """The images that are there, newest first, each with the mark-up that shows it."""
    if not images:
        return el("p", t("writing.images.none"), class_="kb-hint")
    return el("ul", [el("li", _image(t, each)) for each in images], class_="kb-image-list")


def mark_up(image: WikiImage) -> str:
    """What shows an image on a page."""
    words = image.words.replace("\\", "").replace("[", "(").replace("]", ")")
    return f"![{words}]({addresses.playbook_image(image.name)})"


def _added(t: Texts, image: WikiImage) -> Markup:
    words = el("p", t("writing.images.added"))
    return el("div", words, el("p", el("code", mark_up(image))), role="status", class_="kb-notice kb-notice-done")


def _image(t: Texts, image: WikiImage) -> Markup:
    size = f"{image.width} × {image.height}"
    facts = spaced([size, size_text(image.size_bytes), date_text(t.language, image.added_at), image.added_by])
    return el(
        "div",
        el("img", src=addresses.playbook_image(image.name), alt=image.words, width=image.width, height=image.height,
           loading="lazy"),
        el("p", facts, class_="kb-hint"),
        el(
            "p",
            el("button", t("writing.images.insert"), el("span", f" {image.words}", class_="kb-hidden"), type="button",
               hidden=True, data_insert=mark_up(image), class_="kb-button kb-button-plain"),
            el("code", mark_up(image)),
            class_="kb-mark-up",
        ),
    )  # fmt: skip
