"""Withdrawing, restoring and deleting a document: what it means, what refers to it, and the forms that do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from kb.errors import KbError
from kb.html import addresses, labels
from kb.html.element import Child, el
from kb.html.notices import problem_lines
from kb.i18n import Texts, date_text, has_text
from kb.model.citing import Citing
from kb.model.withdrawals import Withdrawal
from kb.model.works import Version

_FIELDS = {"withdraw": ("reason", "by"), "restore": ("note", "by"), "delete": ("title", "cause", "by")}
"""Fields of each form in order. A `note` is a reason that may be left out, a `cause` one that readers are not shown."""

_SENT_AS = {"note": "reason", "cause": "reason"}
_WRONG = {"keeping-name": "by", "keeping-why": "reason", "keeping-long": "reason", "keeping-title": "title"}
"""The field that a refusal is about, by its reason."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent and refused: what to do (`withdraw`, `restore`, `delete`), what was typed, and why not."""

    action: str
    values: Mapping[str, str]
    error: KbError

    @property
    def problems(self) -> Mapping[str, str]:
        """The reason of an error by field, all that is missing at once; empty where it is about no field."""
        reason = str(self.error.facts.get("reason", ""))
        if reason not in _WRONG:
            return {}
        missing = {"reason": "keeping-why", "by": "keeping-name"}
        names = [name for name in _FIELDS.get(self.action, ()) if name != "note"]
        asked = [_SENT_AS.get(name, name) for name in names]
        found = {name: missing[name] for name in asked if name in missing and not self.values.get(name, "").strip()}
        wrong = _WRONG[reason]
        return {name: found.get(name, reason) for name in asked if name in found or name == wrong}


def title(t: Texts, withdrawal: Withdrawal | None, sent: Sent | None) -> str:
    """Title of the page, which begins with the word error where there is one."""
    words = t("keeping.withdrawn.title" if withdrawal else "keeping.withdraw.title")
    return t("keeping.error.prefix", title=words) if sent else words


def keeping(
    t: Texts,
    version: Version,
    withdrawal: Withdrawal | None,
    cited: Citing,
    *,
    again: Sequence[Version] = (),
    sent: Sent | None = None,
) -> Markup:
    """The whole page of one version: to withdraw it, or to restore or delete what is withdrawn.

    `again` are the older editions that become current by withdrawing it, or have become so.
    """
    name = el("p", _named(t, version, is_shown=withdrawal is None), class_="kb-lead")
    facts = el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts")
    if withdrawal is None:
        return el(
            "div",
            _summary(t, sent),
            el("h1", t("keeping.withdraw.title")),
            name,
            facts,
            el("p", t("keeping.withdraw.text"), class_="kb-measure"),
            _again(t, "withdraw", again),
            el("p", t("keeping.withdraw.words"), class_="kb-measure"),
            _cited(t, cited),
            _form(t, version, "withdraw", sent),
        )
    return el(
        "div",
        _summary(t, sent),
        el("h1", t("keeping.withdrawn.title")),
        name,
        facts,
        _withdrawn(t, withdrawal),
        _cited(t, cited),
        _section(t, "restore", _again(t, "restore", again), _form(t, version, "restore", sent)),
        _section(
            t, "delete", el("p", t("keeping.delete.stays"), class_="kb-measure"), _form(t, version, "delete", sent)
        ),
        el("p", el("a", t("keeping.records"), href=addresses.records(t.language))),
    )


def _named(t: Texts, version: Version, *, is_shown: bool) -> Markup:
    language = version.metadata.language
    if not is_shown:
        return el("span", version.title, lang=language)
    return el("a", version.title, href=addresses.document(t.language, version.id), lang=language)


def _withdrawn(t: Texts, withdrawal: Withdrawal) -> Markup:
    rows = [
        ("by", withdrawal.withdrawn_by),
        ("at", date_text(t.language, withdrawal.withdrawn_at, era=True)),
        ("why", withdrawal.reason),
    ]
    terms = [(el("dt", t(f"keeping.withdrawn.{name}")), el("dd", value)) for name, value in rows]
    return el("section", el("dl", terms, class_="kb-terms"))


def _again(t: Texts, action: str, again: Sequence[Version]) -> list[Markup]:
    """One sentence for each edition that takes the place of the one to be withdrawn, or gives it back."""
    return [
        el("p", Markup(t(f"keeping.{action}.again", title=_edition(t, each))), class_="kb-measure") for each in again
    ]


def _edition(t: Texts, version: Version) -> Markup:
    date = date_text(t.language, version.metadata.published)
    link = el("a", version.title, href=addresses.document(t.language, version.id), lang=version.metadata.language)
    return Markup(t("keeping.edition" if date else "keeping.edition.undated", title=link, date=escape(date)))


def _section(t: Texts, action: str, *content: Child) -> Markup:
    heading = el("h2", t(f"keeping.{action}.title"), id=f"{action}-heading")
    text = el("p", t(f"keeping.{action}.text"), class_="kb-measure")
    return el("section", heading, text, content, aria_labelledby=f"{action}-heading", class_="kb-keeping")


def _cited(t: Texts, cited: Citing) -> Markup:
    """What refers to the document, each with where it is."""
    pages = [
        el("a", page.title, href=addresses.playbook_page(page.slug) + f"?lang={page.language}", lang=page.language)
        for page in cited.pages
    ]
    documents = [
        el("a", each.title, href=addresses.document(t.language, each.id), lang=each.metadata.language)
        for each in cited.documents
    ]
    parts: list[Child] = [_group(t, "pages", pages), _group(t, "documents", documents)]
    if cited.basket_items:
        parts.append(el("p", t("keeping.cited.baskets", n=cited.basket_items)))
    return el(
        "section",
        el("h2", t("keeping.cited.title"), id="cited"),
        parts if cited.count else el("p", t("keeping.cited.none")),
        aria_labelledby="cited",
    )


def _group(t: Texts, kind: str, links: Sequence[Markup]) -> Markup | None:
    if not links:
        return None
    heading = el("h3", t(f"keeping.cited.{kind}", n=len(links)))
    return el("div", heading, el("ul", [el("li", link) for link in links]))


def _form(t: Texts, version: Version, action: str, sent: Sent | None) -> Markup:
    own = sent if sent is not None and sent.action == action else None
    return el(
        "form",
        el("input", type="hidden", name="action", value=action),
        [_field(t, action, name, own) for name in _FIELDS[action]],
        el(
            "button",
            t(f"keeping.{action}.button"),
            type="submit",
            class_="kb-button" if action == "restore" else "kb-button kb-button-warning",
        ),
        method="post",
        action=addresses.keeping(t.language, version.id),
        novalidate=True,
        class_="kb-form",
    )


def _field(t: Texts, action: str, name: str, sent: Sent | None) -> Markup:
    sent_as = _SENT_AS.get(name, name)
    identity, key = f"{action}-{sent_as}", f"keeping.field.{name}"
    problem = sent.problems.get(sent_as) if sent else None
    hint = el("p", t(f"{key}.hint"), id=f"{identity}-hint", class_="kb-hint") if has_text(f"{key}.hint") else None
    error = (
        el("p", _sentence(t, problem, sent), id=f"{identity}-error", class_="kb-error") if sent and problem else None
    )
    described = " ".join(f"{identity}-{part}" for part, there in (("hint", hint), ("error", error)) if there)
    return el(
        "div",
        el("label", t(key), for_=identity),
        hint,
        error,
        el(
            "input",
            type="text",
            id=identity,
            name=sent_as,
            value=sent.values.get(sent_as, "") if sent else "",
            aria_describedby=described or None,
            aria_invalid="true" if error else None,
            autocomplete="name" if name == "by" else "off",
            class_="kb-input-name" if name == "by" else None,
        ),
        class_="kb-field kb-field-wrong" if error else "kb-field",
    )


def _summary(t: Texts, sent: Sent | None) -> Markup | None:
    """What is wrong with the form, first on the page, with a link to each field."""
    if sent is None:
        return None
    lines: list[Markup] = [
        el(
            "p",
            el("a", _sentence(t, problem, sent), href=f"#{sent.action}-{name}"),
            el("br"),
            t(f"error.{problem}.remedy", **sent.error.facts),
        )
        for name, problem in sent.problems.items()
    ]
    body = lines or problem_lines(t, sent.error.code, sent.error.facts)
    return el("div", el("h2", t("keeping.error.title")), body, role="alert", class_="kb-summary")


def _sentence(t: Texts, problem: str, sent: Sent) -> str:
    return t(f"error.{problem}", **sent.error.facts)
