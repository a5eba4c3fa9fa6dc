"""What changed in the other language since a body agreed with it, beside that body as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kb.errors import KbError
from kb.html import addresses
from kb.html.element import el
from kb.html.notices import problem
from kb.html.playbook_difference import difference
from kb.html.playbook_history import head
from kb.html.signed_form import name_field
from kb.i18n import Texts
from kb.model.playbook import Body, WikiPage
from kb.playbook.comparing import ComparedTexts
from kb.playbook.pairs import Pair
from kb.playbook.render import render
from kb.text.language import other_language


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """A body with its pair. `changed` is None where the two were never said to agree: `theirs` is shown whole then."""

    page: WikiPage
    body: Body
    pair: Pair
    changed: ComparedTexts | None
    own: str
    theirs: str


def pair(t: Texts, shown: ComparedPair, typed: Mapping[str, str], error: KbError | None) -> Markup:
    """The page behind `/pages/pair/<slug>`."""
    language = shown.body.language
    other = other_language(language)
    if shown.changed is not None:
        left = difference(t, shown.changed, other)
    else:
        left = el("div", _whole(t, shown.theirs), lang=other, class_="kb-text")
    edit = addresses.writing(t.language, "edit", shown.page.slug, [("body", language), ("beside", "1")])
    missing = [el("li", heading.title, lang=other) for heading in shown.pair.missing]
    extra = [el("li", heading.title, lang=language) for heading in shown.pair.extra]
    return el(
        "div",
        problem(t, error) if error else None,
        head(t, shown.page, shown.body, t("pair.heading"), action="pair"),
        el("p", t(f"pair.state.{shown.pair.kind}"), class_="kb-lead"),
        el("ul", el("li", el("a", t(f"pair.edit.{language}"), href=edit)), class_="kb-actions"),
        el("section", el("h2", t("pair.missing")), el("ul", missing)) if missing else None,
        el("section", el("h2", t("pair.extra")), el("ul", extra)) if extra else None,
        el(
            "div",
            el("section", el("h2", t(f"pair.changed.{other}" if shown.changed else f"pair.whole.{other}")), left),
            el(
                "section",
                el("h2", t(f"pair.own.{language}")),
                el("div", _whole(t, shown.own), lang=language, class_="kb-text"),
            ),
            class_="kb-two kb-pair",
        ),
        _form(t, shown, typed) if shown.pair.kind not in ("alone", "agrees") else None,
    )


def _whole(t: Texts, body: str) -> list[Markup]:
    rendered = render(body, t=t)
    return [
        rendered.lead,
        *(el("section", el("h3", heading.title, heading.marks), html) for heading, html in rendered.sections),
    ]


def _form(t: Texts, shown: ComparedPair, typed: Mapping[str, str]) -> Markup:
    return el(
        "form",
        el("h2", t("pair.agree.title")),
        el("p", t("pair.agree.text"), class_="kb-measure"),
        name_field(t, "kb-agree-by", typed.get("by", "")),
        el("button", t("pair.agree.button"), class_="kb-button"),
        method="post",
        action=addresses.writing(t.language, "pair", shown.page.slug, [("body", shown.body.language)]),
        class_="kb-form",
    )
