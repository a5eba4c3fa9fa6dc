"""A playbook page by paragraphs, each with what was said about it and a form to say more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kb.errors import KbError
from kb.html.addresses import writing
from kb.html.element import el, spaced
from kb.html.notices import problem
from kb.html.playbook_history import head
from kb.html.playbook_links import Links
from kb.html.signed_form import hidden, name_field
from kb.i18n import Texts, date_text
from kb.model.playbook import Body, WikiPage
from kb.playbook.blocks import Block
from kb.playbook.discussion import Discussed, Discussion, Thread, quoted
from kb.playbook.render import render
from kb.store.wiki_comments import Comment


@dataclass(frozen=True, slots=True)
class Shown:
    """One view of the comments; `typed` is what a form that was refused because of `error` had in it."""

    page: WikiPage
    body: Body
    discussion: Discussion
    typed: Mapping[str, str]
    error: KbError | None


def discuss(t: Texts, shown: Shown, links: Links) -> Markup:
    """The page behind `/pages/discuss/<slug>`."""
    elsewhere = [_thread(t, shown, each) for each in shown.discussion.elsewhere]
    return el(
        "div",
        problem(t, shown.error) if shown.error else None,
        head(t, shown.page, shown.body, t("discuss.heading"), action="discuss"),
        el("p", t("discuss.lead"), class_="kb-measure"),
        el("section", el("h2", t("discuss.elsewhere")), elsewhere) if elsewhere else None,
        [_paragraph(t, shown, number, each, links) for number, each in enumerate(shown.discussion.paragraphs)],
        _form(t, shown, "comment", -1, t("discuss.whole")),
        class_="kb-discussion",
    )


def _paragraph(t: Texts, shown: Shown, number: int, each: Discussed, links: Links) -> Markup:
    rendered = render(_by_itself(each.block), resolve=links, t=t)
    html = [rendered.lead, *(el("p", el("strong", heading.title)) + part for heading, part in rendered.sections)]
    return el(
        "div",
        el("div", html, lang=shown.body.language, class_="kb-text"),
        el(
            "div",
            [_thread(t, shown, thread) for thread in each.threads],
            _form(t, shown, "comment", number, t("discuss.add"), words=quoted(each.block)),
            class_="kb-beside-paragraph",
        ),
        class_="kb-discussed",
    )


def _by_itself(block: Block) -> str:
    """A paragraph as Markdown that means the same alone: a row of a table is a line of its cells."""
    if block.kind not in ("row", "head"):
        return block.text
    cells = block.text.splitlines()[0].strip().strip("|").replace("\\|", "\0").split("|")
    words = " · ".join(cell.strip() for cell in cells if cell.strip()).replace("\0", "\\|")
    return f"**{words}**" if block.kind == "head" and words else words


def _thread(t: Texts, shown: Shown, thread: Thread) -> Markup:
    comment = thread.comment
    settled = comment.settled_at
    state = t("discuss.settled", name=comment.settled_by, date=date_text(t.language, settled)) if settled else None
    return el(
        "div",
        el("blockquote", comment.quoted, lang=comment.language) if comment.quoted and not settled else None,
        _said(t, comment),
        [_said(t, answer) for answer in thread.answers],
        el("p", state, class_="kb-hint") if state else None,
        _form(t, shown, "answer", comment.id, t("discuss.answer"), settle="reopen" if settled else "settle"),
        id=f"kb-thread-{comment.id}",
        class_="kb-thread kb-thread-settled" if settled else "kb-thread",
    )


def _said(t: Texts, comment: Comment) -> Markup:
    when = t("records.when", date=date_text(t.language, comment.made_at), time=comment.made_at[11:16])
    lines = [el("p", line) for line in comment.text.splitlines() if line.strip()]
    said = spaced([el("strong", comment.author), el("time", when, datetime=comment.made_at)])
    return el("div", el("p", said, class_="kb-facts"), lines, class_="kb-said")


def _form(t: Texts, shown: Shown, action: str, about: int, title: str, *, words: str = "", settle: str = "") -> Markup:
    """A form that opens on demand; what a refused one had in it is still there, and it is open."""
    identity = f"kb-{action}-{about}"
    is_refused = shown.error is not None and shown.typed.get("about") == str(about)
    typed = shown.typed.get("text", "") if is_refused else ""
    return el(
        "details",
        el("summary", title),
        el(
            "form",
            hidden(about=str(about), quoted=words),
            el(
                "div",
                el("label", t("discuss.text"), for_=f"{identity}-text"),
                el("textarea", typed, id=f"{identity}-text", name="text", rows="4", lang=t.language),
                class_="kb-field",
            ),
            name_field(t, f"{identity}-by", shown.typed.get("by", "")),
            el("button", t("discuss.send"), name="do", value=action, class_="kb-button"),
            " ",
            el("button", t(f"discuss.{settle}"), name="do", value=settle, class_="kb-button kb-button-plain")
            if settle
            else None,
            method="post",
            action=writing(t.language, "discuss", shown.page.slug, [("body", shown.body.language)]),
            class_="kb-form",
        ),
        open=is_refused,
        id=identity,
    )
