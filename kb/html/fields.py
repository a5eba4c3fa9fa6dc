"""Fields of a form that somebody fills in: label, hint and error above the box, tied to it for screen readers."""

from __future__ import annotations

from markupsafe import Markup

from kb.html.element import Child, el
from kb.i18n import Texts
from kb.library.details import Problem


class Described:
    """Label, hint, mark and error of a field, and the attributes that tie them to it."""

    def __init__(
        self, t: Texts, name: str, problem: Problem | None, *, hint: bool, mark: Child = None, identity: str = ""
    ) -> None:
        self._identity = identity or name
        self._label = el("label", t(f"edit.field.{name}"), for_=self._identity, class_="kb-label")
        self._parts: dict[str, Markup] = {}
        if hint:
            self._part("hint", el("p", t(f"edit.hint.{name}"), id=f"{self._identity}-hint", class_="kb-hint"))
        if mark:
            self._part("mark", el("div", mark, id=f"{self._identity}-mark"))
        if problem:
            words = [
                el("span", t("edit.error"), class_="kb-hidden"),
                " ",
                t(f"edit.problem.{problem.code}", **problem.facts),
            ]
            self._part("error", el("p", words, id=f"{self._identity}-error", class_="kb-error"))

    def _part(self, kind: str, markup: Markup) -> None:
        self._parts[f"{self._identity}-{kind}"] = markup

    @property
    def attributes(self) -> dict[str, str | None]:
        """What the field itself carries."""
        is_wrong = f"{self._identity}-error" in self._parts
        return {"aria_describedby": " ".join(self._parts) or None, "aria_invalid": "true" if is_wrong else None}

    def around(self, *box: Child) -> Markup:
        """The field below its label, hint, mark and error."""
        is_wrong = f"{self._identity}-error" in self._parts
        return el("div", self._label, self._parts.values(), box, class_="kb-field" + " kb-field-wrong" * is_wrong)


def name_field(t: Texts, identity: str, value: str, problem: Problem | None) -> Markup:
    """The field for the name of whoever corrects."""
    described = Described(t, "by", problem, hint=True, identity=identity)
    box = el(
        "input",
        type="text",
        id=identity,
        name="by",
        value=value,
        autocomplete="name",
        class_="kb-input-short",
        **described.attributes,
    )
    return described.around(box)
