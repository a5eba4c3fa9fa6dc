"""The form that completes and corrects the details of a document, after the patterns of the GOV.UK Design System."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from kb.html import addresses, fields, likeness
from kb.html.corrections import history
from kb.html.element import el
from kb.i18n import Texts
from kb.ingest.likeness import Likeness
from kb.library.corrections import Known
from kb.library.details import ENTERED, Problem
from kb.model.corrections import REQUIRED, Answer, Field, missing
from kb.model.works import Version
from kb.text.language import Language

_CHOICES: Mapping[Field, tuple[str, tuple[str, ...]]] = {
    "country": ("country.name", ("uk", "jp", "both", "other")),
    "language": ("language", ("en", "ja")),
    "document_type": (
        "type",
        ("strategy", "guidance", "standard", "report", "law", "briefing", "playbook", "other"),
    ),
}
_HINTED = frozenset(ENTERED) - {"language", "document_type"}
_LICENCES = ("OGL v3.0", "CC BY 4.0", "公共データ利用規約(第1.0版)", "政府標準利用規約(第2.0版)")
"""Offered while typing; any other may be entered."""


@dataclass(frozen=True, slots=True)
class EditPage:
    """Everything one view of the form shows.

    `entered` are values that were entered but not saved; the others are those that are known. `problems` and `remarks`
    belong to fields by name, `answer_problems` and what was `answered` to the question about one other version, by its
    id. `done` is a text of the catalogue below `edit`, of what has just been done. `others` are the versions that the
    history names.
    """

    known: Known
    entered: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    problems: Mapping[str, Problem] = field(default_factory=dict)
    remarks: Mapping[str, Problem] = field(default_factory=dict)
    done: str = ""
    like: Sequence[Likeness] = ()
    answer_problems: Mapping[str, Mapping[str, Problem]] = field(default_factory=dict)
    answered: Mapping[str, str] = field(default_factory=dict)
    settled: Sequence[tuple[Answer, Version]] = ()
    others: Mapping[str, Version] = field(default_factory=dict)
    publishers: Sequence[str] = ()


def edit_page(t: Texts, page: EditPage) -> Markup:
    """The whole screen."""
    version = page.known.version
    title = page.known.values["title"]
    href = addresses.document(t.language, version.id)
    return el(
        "div",
        _summary(t, page),
        _done(t, page),
        el("h1", t("edit.title")),
        el(
            "p",
            el("strong", title, lang=version.metadata.language),
            " ",
            el("a", t("edit.open"), href=href, data_nav=True),
            class_="kb-edit-title",
        ),
        el("p", t("edit.lead"), class_="kb-measure"),
        el("p", t("edit.waits", title=title), class_="kb-notice") if page.known.title_waits else None,
        likeness.questions(t, page.like, page.answer_problems, page.answered, by=page.by),
        _form(t, page),
        likeness.answers(t, page.settled, by=page.by),
        history(t, page.known.history, page.others),
        class_="kb-edit",
    )


def edit_link(t: Texts, version: Version) -> Markup:
    """The way from a document to its details."""
    return el("a", t("edit.link"), href=addresses.edit(t.language, version.id), data_nav=True)


def complete_link(t: Texts, version: Version) -> Markup | None:
    """The way to the details of a document of which something required is not known; None where all is."""
    lacking = missing(version.metadata)
    if not lacking:
        return None
    of = el("span", t("edit.incomplete.of", title=version.title), class_="kb-hidden")
    href = addresses.edit(t.language, version.id)
    return el("a", _named(t, lacking, "edit.incomplete"), " ", of, href=href, data_nav=True)


def _named(t: Texts, lacking: Sequence[Field], key: str) -> str:
    return t(key, fields=t("edit.join").join(t(f"edit.short.{each}") for each in lacking))


def _summary(t: Texts, page: EditPage) -> Markup | None:
    """What is wrong, with a link to each field; it takes the focus."""
    lines = list(page.problems.items())
    lines += [
        (likeness.field_id(other, name), problem)
        for other, problems in page.answer_problems.items()
        for name, problem in problems.items()
    ]
    if not lines:
        return None
    items = [
        el("li", el("a", t(f"edit.problem.{problem.code}", **problem.facts), href=f"#{name}", data_field=True))
        for name, problem in lines
    ]
    return el(
        "div",
        el("h2", t("edit.problems"), id="problems"),
        el("ul", items),
        class_="kb-problems",
        role="alert",
        tabindex="-1",
        aria_labelledby="problems",
        data_focus=True,
    )


def _done(t: Texts, page: EditPage) -> Markup | None:
    if not page.done:
        return None
    remarks = [el("p", t(f"edit.problem.{each.code}", **each.facts)) for each in page.remarks.values()]
    return el(
        "div",
        el("p", el("strong", t(f"edit.{page.done}"))),
        remarks,
        class_="kb-notice kb-notice-done",
        role="alert",
        tabindex="-1",
        data_focus=True,
    )


def _form(t: Texts, page: EditPage) -> Markup:
    lacking = page.known.missing
    optional = [name for name in ENTERED if name not in REQUIRED]
    return el(
        "form",
        el("input", type="hidden", name="form", value="details"),
        el("input", type="hidden", name="seen", value=str(page.known.seen)),
        el("h2", t("edit.details"), id="details"),
        el("p", _named(t, lacking, "edit.missing"), class_="kb-hint") if lacking else None,
        [_field(t, page, name) for name in REQUIRED],
        el("h3", t("edit.optional")),
        [_field(t, page, name) for name in optional],
        fields.name_field(t, "by", page.by, page.problems.get("by")),
        el("button", t("edit.save"), type="submit", class_="kb-button"),
        data_entered=True,
        novalidate=True,
        aria_labelledby="details",
        class_="kb-edit-form",
    )


def _field(t: Texts, page: EditPage, name: Field) -> Markup:
    origin = page.known.proposed.get(name, "")
    marks = el("p", t("edit.proposed", origin=_origin(t, origin)), class_="kb-proposed") if origin else None
    value = page.entered.get(name, shown(page.known, name))
    described = fields.Described(t, name, page.problems.get(name), hint=name in _HINTED, mark=marks)
    if name in _CHOICES:
        key, values = _CHOICES[name]
        options = [el("option", t("edit.choose"), value="", selected=not value)]
        options += [el("option", t(f"{key}.{each}"), value=each, selected=each == value) for each in values]
        return described.around(el("select", options, id=name, name=name, **described.attributes))
    language: Language | None = page.known.version.metadata.language if name == "title" else None
    offered = {"publisher": page.publishers, "licence": _LICENCES}.get(name, ())
    listed = f"{name}-offered" if offered else None
    return described.around(
        el(
            "input",
            type="text",
            id=name,
            name=name,
            value=value,
            lang=language,
            list=listed,
            inputmode="url" if name == "source_url" else None,
            autocomplete="off",
            class_="kb-input-short" if name in ("published", "edition") else "",
            **described.attributes,
        ),
        el("datalist", [el("option", value=each) for each in offered], id=listed) if offered else None,
    )


def _origin(t: Texts, origin: str) -> str:
    kind, _, page = origin.partition(":")
    if kind == "page" and page != "1":
        return t("edit.origin.page", page=page)
    return t("edit.origin.first_page" if kind == "page" else f"edit.origin.{kind}")


def shown(known: Known, name: Field) -> str:
    """The value that a field begins with: none where nothing is known, or where a version is a work of its own."""
    value = known.values[name]
    return "" if name == "work_id" and value == known.version.id else value
