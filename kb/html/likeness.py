"""What a document is to another one like it: the questions, and the answers that can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kb.html import addresses, labels
from kb.html.element import el
from kb.html.fields import name_field
from kb.i18n import Texts
from kb.ingest.likeness import Likeness
from kb.library.details import Problem
from kb.model.corrections import Answer
from kb.model.works import Version

OFFERED: tuple[Answer, ...] = ("edition", "replacement", "earlier", "different")
_LEAST_SHOWN = 0.01
"""Share of the text in common below which none is named."""


def field_id(other_id: str, name: str) -> str:
    """Id of a field of the question about another version."""
    return f"{name}-{other_id}"


def questions(
    t: Texts,
    like: Sequence[Likeness],
    problems: Mapping[str, Mapping[str, Problem]],
    answered: Mapping[str, str],
    *,
    by: str,
) -> Markup | None:
    """One question for each document alike; `problems` and what was `answered` by the id of the other version."""
    if not like:
        return None
    return el(
        "section",
        el("h2", t("edit.like"), id="like"),
        [_question(t, each, problems.get(each.version.id, {}), answered.get(each.version.id, ""), by) for each in like],
        aria_labelledby="like",
        class_="kb-like",
    )


def answers(t: Texts, settled: Sequence[tuple[Answer, Version]], *, by: str) -> Markup | None:
    """The answers that hold, each with a button that takes it back in the name of `by`."""
    if not settled:
        return None
    return el(
        "section",
        el("h2", t("edit.settled"), id="settled"),
        el("ul", [el("li", _settled(t, answer, version, by)) for answer, version in settled], class_="kb-plain"),
        aria_labelledby="settled",
    )


def _question(t: Texts, each: Likeness, problems: Mapping[str, Problem], answered: str, by: str) -> Markup:
    other = each.version
    wrong = problems.get("answer")
    error = (
        el("p", t(f"edit.problem.{wrong.code}"), id=field_id(other.id, "error"), class_="kb-error") if wrong else None
    )
    legend = el("legend", t("edit.like.question", title=other.title))
    choices = [
        _choice(t, other, answer, is_first=number == 0, checked=answer == answered)
        for number, answer in enumerate(OFFERED)
    ]
    return el(
        "form",
        el("input", type="hidden", name="form", value="answer"),
        el("input", type="hidden", name="other", value=other.id),
        el(
            "fieldset",
            legend,
            el("p", _why(t, each), class_="kb-hint"),
            el("p", labels.facts_line(t, other), class_="kb-facts"),
            el("p", el("a", t("edit.like.open"), href=addresses.document(t.language, other.id), data_nav=True)),
            error,
            choices,
            aria_describedby=field_id(other.id, "error") if wrong else None,
            class_="kb-field" + " kb-field-wrong" * bool(wrong),
        ),
        name_field(t, field_id(other.id, "by"), by, problems.get("by")),
        el("button", t("edit.like.save"), type="submit", class_="kb-button"),
        data_entered=True,
        novalidate=True,
        class_="kb-edit-form",
    )


def _why(t: Texts, each: Likeness) -> str:
    if each.same_title and each.shared < _LEAST_SHOWN:
        return t("edit.like.title")
    return t(f"edit.like.{'same' if each.same_title else 'text'}", share=round(100 * each.shared))


def _choice(t: Texts, other: Version, answer: Answer, *, is_first: bool, checked: bool) -> Markup:
    """A radio button with what follows from choosing it; the summary of errors leads to the first."""
    identity = field_id(other.id, "answer" if is_first else answer)
    box = el(
        "input",
        type="radio",
        id=identity,
        name="answer",
        value=answer,
        checked=checked,
        aria_describedby=f"{identity}-hint",
    )
    hint = el("span", t(f"edit.answer.{answer}.hint"), id=f"{identity}-hint", class_="kb-hint")
    label = el("label", t(f"edit.answer.{answer}"), for_=identity)
    return el("div", box, el("div", label, hint), class_="kb-choice")


def _settled(t: Texts, answer: Answer, other: Version, by: str) -> Markup:
    link = el(
        "a",
        other.title,
        href=addresses.document(t.language, other.id),
        data_nav=True,
        lang=other.metadata.language,
    )
    values = {"form": "answer", "other": other.id, "answer": "open", "by": by}
    hidden = [el("input", type="hidden", name=name, value=value) for name, value in values.items()]
    about = el("span", f" {other.title}", class_="kb-hidden")
    name = None if by else name_field(t, field_id(other.id, "undo-by"), "", None)
    button = el("button", t("edit.undo"), about, type="submit", class_="kb-link-button")
    form = el("form", hidden if by else hidden[:-1], name, button, data_entered=True, novalidate=True)
    return el("div", t(f"edit.settled.{answer}"), " ", link, form)
