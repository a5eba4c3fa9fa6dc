"""The page on which a playbook page is written: form, preview, and what has to be known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el, spaced
from kb.html.frame import LANGUAGE_NAMES
from kb.html.playbook_beside import Beside
from kb.html.playbook_conflict import Conflict, conflict, theirs
from kb.html.playbook_desk import desk
from kb.html.playbook_fields import Form, summary
from kb.i18n import Texts, date_text
from kb.model.playbook import Body, Revision, WikiPage
from kb.model.wiki_writing import Draft
from kb.playbook.templates import TEMPLATES
from kb.text.language import Language, other_language

_DETAILS = ("theme", "owner", "review", "order")
_STAGES = ("publish", "draft", "review", "preview")
"""What the form can be sent for, as its buttons stand."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything one view of the page shows.

    `page` is None for a new one, `latest` the revision that is edited, None for the first of a body. `based_on` is the
    revision the form was opened with, `key` what its drafts are known by. `draft` is one to go on with; where
    somebody does, the form `is_restored`. `done` says what has just been done. `code` is that of an error that is about
    no field.
    """

    language: Language
    form: Form
    based_on: int
    key: str
    page: WikiPage | None = None
    latest: Revision | None = None
    wanted: str = ""
    template: str = ""
    themes: Sequence[str] = ()
    other: Beside | None = None
    is_beside: bool = False
    draft: Draft | None = None
    conflict: Conflict | None = None
    preview: Markup | None = None
    is_restored: bool = False
    done: str = ""
    code: str = ""

    @property
    def body(self) -> Body | None:
        """The state of the body that is edited."""
        return self.page.bodies.get(self.language) if self.page else None

    @property
    def is_unsaved(self) -> bool:
        """Whether the form holds what was typed before and is saved nowhere yet."""
        return self.is_restored or bool(self.form.problems or self.code or self.conflict or self.preview)

    @property
    def is_translation(self) -> bool:
        """Whether the page has a body in the other language only."""
        return self.page is not None and self.latest is None


def title(t: Texts, editor: Editor) -> str:
    """Title of the page, which begins with the word error where there is one."""
    body = editor.body or (editor.page.bodies.get(other_language(editor.language)) if editor.page else None)
    if editor.page is None:
        words = t("writing.new.title")
    else:
        name = (body.title if body else "") or editor.page.slug
        words = t("writing.translate.title" if editor.is_translation else "writing.edit.title", title=name)
    return t("writing.error", title=words) if editor.form.problems or editor.code or editor.conflict else words


def address(
    t: Texts, editor: Editor, *, language: Language | None = None, parameters: addresses.Parameters = ()
) -> str:
    """Where the form is, and where it is sent to."""
    own: list[tuple[str, str]] = [("body", language or editor.language)]
    if editor.page is None:
        own += [("slug", editor.wanted), ("template", editor.template)]
        return addresses.writing(t.language, "new", parameters=[*own, *parameters])
    own += [("beside", "1" if editor.is_beside else "")]
    return addresses.writing(t.language, "edit", editor.page.slug, [*own, *parameters])


def editor(t: Texts, shown: Editor) -> Markup:
    """The whole page."""
    marks = {name: theirs(t, value) for name, value in shown.conflict.values.items()} if shown.conflict else {}
    form = replace(shown.form, marks=marks)
    return el(
        "div",
        _back(t, shown),
        summary(form, shown.code),
        saved(t, shown.done),
        el("h1", title(t, replace(shown, form=replace(shown.form, problems={}), code="", conflict=None))),
        _state(t, shown),
        _templates(t, shown),
        _draft(t, shown),
        conflict(t, shown.conflict, shown.language) if shown.conflict else None,
        _preview(t, shown),
        _form(t, shown, form),
        class_="kb-writing",
    )


def _back(t: Texts, shown: Editor) -> Markup:
    if shown.page is None or not any(each.published for each in shown.page.bodies.values()):
        return el("p", el("a", t("playbook.all"), href=f"/playbook?lang={t.language}"), class_="kb-back")
    href = addresses.in_language(addresses.playbook_page(shown.page.slug), t.language)
    return el("p", el("a", t("writing.back"), href=href), class_="kb-back")


def saved(t: Texts, done: str) -> Markup | None:
    """What has just been done with a page; nothing for anything else."""
    if done not in ("draft", "review", "merged", "published"):
        return None
    return el("div", el("p", t(f"writing.done.{done}")), role="status", class_="kb-notice kb-notice-done")


def _state(t: Texts, shown: Editor) -> Markup:
    """Which text of which language this is, and the way to the other one."""
    body, latest = shown.body, shown.latest
    facts: list[Markup | str | None] = [el("strong", LANGUAGE_NAMES[shown.language], lang=shown.language)]
    if body is not None and latest is not None:
        date, time = date_text(t.language, latest.made_at), latest.made_at[11:16]
        facts.append(t("writing.state.latest", number=str(latest.number), author=latest.author, date=date, time=time))
        facts.append(t(f"writing.state.{_stage_key(body)}"))
    other = other_language(shown.language)
    has_other = shown.page is not None and other in shown.page.bodies
    key = "writing.state.other" if has_other or shown.page is None else "writing.state.translate"
    there = replace(shown, is_beside=shown.page is not None and not has_other)
    words = t(key, name=t(f"language.{other}"))
    facts.append(el("a", words, href=address(t, there, language=other), hreflang=other))
    return el("p", spaced(facts), class_="kb-facts")


def _stage_key(body: Body) -> str:
    if body.stage == "published":
        return "published"
    return f"{body.stage}.{'before' if body.published else 'never'}"


def _templates(t: Texts, shown: Editor) -> Markup | None:
    if shown.page is not None:
        return None
    items = []
    for name in ("", *TEMPLATES):
        words = t(f"writing.template.{name or 'empty'}")
        here = name == shown.template
        link = el("a", words, href=address(t, replace(shown, template=name)))
        items.append(el("li", el("span", words, aria_current="true") if here else link))
    return el(
        "nav",
        el("h2", t("writing.templates"), id="kb-templates"),
        el("ul", items),
        aria_labelledby="kb-templates",
        class_="kb-templates",
    )


def _draft(t: Texts, shown: Editor) -> Markup:
    """The draft to go on with; where there is none, what the script fills in for one that only this browser has."""
    draft = shown.draft
    date = date_text(t.language, draft.saved_at) if draft else ""
    moment = el("time", f"{date} {draft.saved_at[11:16]} UTC", datetime=draft.saved_at, data_time=True) if draft else ""
    discard = el(
        "form",
        el("input", type="hidden", name="do", value="discard"),
        el("input", type="hidden", name="key", value=shown.key),
        el("input", type="hidden", name="language", value=shown.language),
        el("input", type="hidden", name="back", value=address(t, shown)),
        el("button", t("writing.draft.discard"), type="submit", class_="kb-link-button"),
        method="post",
        action=addresses.writing(t.language, "draft"),
    )
    on = el("a", t("writing.draft.on"), href=address(t, shown, parameters=[("draft", "1")]), data_go_on=True)
    words = Markup(t("writing.draft", moment=moment)) if draft else Markup(t("writing.draft", moment=el("time")))
    return el(
        "div", el("p", words), el("div", on, discard, class_="kb-draft-ways"), data_draft=True, hidden=draft is None,
        class_="kb-notice",
    )  # fmt: skip


def _preview(t: Texts, shown: Editor) -> Markup | None:
    if shown.preview is None:
        return None
    return el(
        "section",
        el("h2", t("writing.panel.preview"), id="kb-preview"),
        shown.preview,
        el("p", el("a", t("writing.preview.on"), href="#kb-body")),
        aria_labelledby="kb-preview",
        class_="kb-preview-above",
    )


def _form(t: Texts, shown: Editor, form: Form) -> Markup:
    draft = {"key": shown.key, "language": shown.language}
    is_open = shown.page is None or shown.is_translation or any(each in form.problems for each in _DETAILS)
    is_open = is_open or any(each in form.marks for each in _DETAILS)
    return el(
        "form",
        el("button", type="submit", name="do", value="preview", tabindex="-1", aria_hidden="true", class_="kb-hidden"),
        el("input", type="hidden", name="based_on", value=str(shown.based_on)),
        el(
            "div",
            form.line("title", own_language=True),
            form.line("slug") if shown.page is None else None,
            form.lines("summary", rows=2),
            el(
                "details",
                el("summary", t("writing.details")),
                el(
                    "div",
                    form.line("theme", offered=shown.themes, own_language=True),
                    form.line("owner"),
                    form.line("review", kind="date"),
                    form.line("order"),
                    class_="kb-fields-two",
                ),
                open=is_open,
                class_="kb-details",
            ),
            class_="kb-writing-head",
        ),
        desk(form, shown.language, draft=draft, other=shown.other, is_beside=shown.is_beside),
        el(
            "div",
            form.line("change"),
            _agrees(t, shown, form),
            form.line("by"),
            el("div", [_button(t, name) for name in _STAGES], class_="kb-buttons"),
            class_="kb-writing-foot",
        ),
        method="post",
        action=address(t, shown),
        novalidate=True,
        id="kb-form",
        data_is_new=shown.page is None,
        data_is_unsaved=shown.is_unsaved,
    )


def _agrees(t: Texts, shown: Editor, form: Form) -> Markup | None:
    if shown.page is None or (len(shown.page.bodies) < 2 and not shown.is_translation):
        return None
    name = t(f"language.{other_language(shown.language)}")
    key = "writing.agrees.first" if shown.is_translation else "writing.agrees"
    is_ticked = form.fields.get("agrees", "") == "1"
    box = el("input", type="checkbox", id="kb-agrees", name="agrees", value="1", checked=is_ticked)
    return el("div", box, el("label", t(key, name=name), for_="kb-agrees"), class_="kb-choice")


def _button(t: Texts, name: str) -> Markup:
    plain = "" if name == "publish" else " kb-button-plain"
    return el(
        "button", t(f"writing.button.{name}"), type="submit", name="do", value=name, data_do=name,
        class_=f"kb-button{plain}",
    )  # fmt: skip
