"""Fields of the forms with which playbook pages are written: label, hint, error and mark above each box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from kb.html.element import Child, el
from kb.html.notices import problem_lines
from kb.i18n import Fact, Texts, has_text
from kb.text.language import Language

_SHORT = ("by", "owner", "theme", "review", "order")


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows in its fields: what was typed, and what is wrong with it by field, as reasons with `facts`.

    `marks` are remarks above a field. `language` is that of what is typed. Where a page has several forms, fields are
    told apart by `prefix`.
    """

    t: Texts
    fields: Mapping[str, str]
    language: Language | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    marks: Mapping[str, Markup] = field(default_factory=dict)
    prefix: str = ""

    def line(self, name: str, *, kind: str = "text", offered: Sequence[str] = (), own_language: bool = False) -> Markup:
        """A field of one line; `offered` are values to choose from, any other may be entered."""
        listed = f"{self.identity(name)}-offered" if offered else None
        box = el(
            "input",
            type=kind,
            id=self.identity(name),
            name=name,
            value=self.fields.get(name, ""),
            lang=self.language if own_language else None,
            list=listed,
            inputmode="numeric" if name == "order" else None,
            autocomplete="name" if name == "by" else "off",
            class_="kb-input-name" if name in _SHORT else None,
            **self.attributes(name),
        )
        values = el("datalist", [el("option", value=each) for each in offered], id=listed) if offered else None
        return self.around(name, box, values)

    def lines(self, name: str, *, rows: int) -> Markup:
        """A field for a sentence or two, in the language of what is typed."""
        box = el(
            "textarea",
            self.fields.get(name, ""),
            id=self.identity(name),
            name=name,
            rows=rows,
            lang=self.language,
            **self.attributes(name),
        )
        return self.around(name, box)

    def around(self, name: str, *box: Child) -> Markup:
        """A box below its label, hint, mark and error."""
        identity = self.identity(name)
        hint, problem, mark = f"writing.hint.{name}", self.problems.get(name), self.marks.get(name)
        wrong = self.t(f"error.{problem}", **self.facts) if problem else ""
        return el(
            "div",
            el("label", self.t(f"writing.field.{name}"), for_=identity),
            el("p", self.t(hint), id=f"{identity}-hint", class_="kb-hint") if has_text(hint) else None,
            el("div", mark, id=f"{identity}-mark", class_="kb-theirs") if mark else None,
            el("p", wrong, id=f"{identity}-error", class_="kb-error") if problem else None,
            box,
            class_="kb-field kb-field-wrong" if problem else "kb-field",
        )

    def identity(self, name: str) -> str:
        """The id of a box: one that no heading of a page can have."""
        return f"kb-{self.prefix}{name}"

    def attributes(self, name: str) -> dict[str, str | None]:
        """What ties a box to its hint, mark and error."""
        parts = {"hint": has_text(f"writing.hint.{name}"), "mark": name in self.marks, "error": name in self.problems}
        described = " ".join(f"{self.identity(name)}-{part}" for part, is_there in parts.items() if is_there)
        return {"aria_describedby": described or None, "aria_invalid": "true" if name in self.problems else None}


def summary(form: Form, code: str = "") -> Markup | None:
    """What is wrong, first on the page, with a link to each field; of what is about no field what `code` says."""
    t = form.t
    lines: list[Markup] = [
        el(
            "p",
            el("a", t(f"error.{problem}", **form.facts), href=f"#{form.identity(name)}"),
            el("br"),
            t(f"error.{problem}.remedy", **form.facts),
        )
        for name, problem in form.problems.items()
    ]
    if not lines and code:
        lines = problem_lines(t, code, form.facts)
    if not lines:
        return None
    return el("div", el("h2", t("writing.problem")), lines, role="alert", class_="kb-summary")
