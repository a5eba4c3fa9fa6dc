"""Reports on the playbook: links that lead nowhere, translations that are behind, reviews that wait."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.errors import KbError
from kb.html import addresses
from kb.html.element import el, spaced
from kb.html.frame import LANGUAGE_NAMES
from kb.html.notices import problem
from kb.html.playbook_history import facts
from kb.html.playbook_overview import back
from kb.html.signed_form import done_notice, hidden, line_field, name_field
from kb.i18n import Texts, date_text
from kb.model.playbook import Body, WikiPage
from kb.playbook.link_report import LinkReport, Origin
from kb.playbook.pairs import Pair, WorkItem
from kb.playbook.reviews import Due, Waiting


def links(t: Texts, report: LinkReport) -> Markup:
    """Everything that is wrong with links, or that nothing is."""
    wanted = [(_wanted(t, slug), origins) for slug, origins in sorted(report.wanted.items())]
    headings = [(_heading(t, slug, name), origins) for (slug, name), origins in sorted(report.headings.items())]
    gone = [(_settings(t, slug), origins) for slug, origins in sorted(report.gone.items())]
    orphans = [el("li", _page(t, page, _body(t, page))) for page in report.orphans]
    nothing = el("p", t("reports.links.fine"), class_="kb-notice") if not report.broken and not orphans else None
    return el(
        "div",
        back(t),
        el("h1", t("reports.links.title")),
        el("p", t("reports.links.lead"), class_="kb-lead"),
        nothing,
        [_targets(t, name, found) for name, found in (("wanted", wanted), ("headings", headings), ("gone", gone))],
        el(
            "section",
            el("h2", t("reports.links.orphans", n=len(orphans))),
            el("p", t("reports.links.orphans.text"), class_="kb-measure"),
            el("ul", orphans),
        )
        if orphans
        else None,
    )


def translations(
    t: Texts, behind: Sequence[tuple[WorkItem, Pair]], unwritten: Sequence[WorkItem], *, stale: int, missing: int
) -> Markup:
    """What is behind, and what is not translated yet: the first of `stale` and of `missing` ones."""
    return el(
        "div",
        back(t),
        el("h1", t("reports.translations.title")),
        el("p", t("reports.translations.lead"), class_="kb-lead"),
        el("p", t("reports.translations.fine"), class_="kb-notice") if not (behind or unwritten) else None,
        _work(t, "stale", stale, [_stale(t, item, pair) for item, pair in behind]),
        _work(t, "missing", missing, [_missing(t, item) for item in unwritten]),
    )


def reviews(
    t: Texts,
    waiting: Sequence[Waiting],
    due: Sequence[Due],
    *,
    by: str,
    done: str = "",
    error: KbError | None = None,
) -> Markup:
    """What waits for review with the form that decides, and whose day has come."""
    return el(
        "div",
        back(t),
        problem(t, error) if error else None,
        done_notice(t, f"reports.reviews.done.{done}") if done in ("published", "sent-back") else None,
        el("h1", t("reports.reviews.title")),
        el("p", t("reports.reviews.lead"), class_="kb-lead"),
        el(
            "section",
            el("h2", t("reports.reviews.waiting", n=len(waiting))),
            [_waiting(t, each, by) for each in waiting] or el("p", t("reports.reviews.waiting.none")),
        ),
        el(
            "section",
            el("h2", t("reports.reviews.due", n=len(due))),
            el("ul", [el("li", _due(t, each)) for each in due], class_="kb-plain kb-changes-list")
            if due
            else el("p", t("reports.reviews.due.none")),
        ),
    )


def _targets(t: Texts, name: str, found: Sequence[tuple[Markup, Sequence[Origin]]]) -> Markup | None:
    if not found:
        return None
    items = [el("li", target, el("ul", [el("li", _origin(t, each)) for each in origins])) for target, origins in found]
    return el(
        "section",
        el("h2", t(f"reports.links.{name}", n=len(found))),
        el("p", t(f"reports.links.{name}.text"), class_="kb-measure"),
        el("ul", items, class_="kb-plain kb-changes-list"),
    )


def _wanted(t: Texts, slug: str) -> Markup:
    href = addresses.writing(t.language, "new", parameters=[("slug", slug)])
    return el("a", t("reports.links.begin", slug=slug), href=href)


def _heading(t: Texts, slug: str, heading: str) -> Markup:
    return el("strong", f"{slug}#{heading}")


def _settings(t: Texts, slug: str) -> Markup:
    return el("a", slug, href=addresses.page_settings(t.language, slug))


def _origin(t: Texts, origin: Origin) -> Markup:
    body = origin.page.bodies[origin.language]
    edit = addresses.writing(t.language, "edit", origin.page.slug, [("body", origin.language)])
    hidden_title = el("span", f" {body.title}", class_="kb-hidden")
    page = _page(t, origin.page, body, fragment=origin.heading)
    return spaced([page, LANGUAGE_NAMES[origin.language], el("a", t("writing.link.edit"), hidden_title, href=edit)])


def _page(t: Texts, page: WikiPage, body: Body, *, fragment: str = "") -> Markup:
    href = addresses.in_language(addresses.playbook_page(page.slug, fragment=fragment), body.language)
    return el("a", body.title or page.slug, href=href, lang=body.language)


def _body(t: Texts, page: WikiPage) -> Body:
    body = page.body(t.language, unpublished=True)
    assert body is not None
    return body


def _work(t: Texts, name: str, count: int, items: Sequence[Markup]) -> Markup | None:
    if not items:
        return None
    return el(
        "section",
        el("h2", t(f"reports.translations.{name}", n=count)),
        el("ul", [el("li", each) for each in items], class_="kb-plain kb-changes-list"),
        el("p", t("reports.translations.more", n=count - len(items)), class_="kb-hint") if count > len(items) else None,
    )


def _stale(t: Texts, item: WorkItem, pair: Pair) -> Markup:
    body = item.page.bodies[item.language]
    href = addresses.writing(t.language, "pair", item.page.slug, [("body", item.language)])
    days = t(f"about.pair.{item.kind}.{item.language}")
    if item.kind == "behind" and pair.days > 0:
        days = t(f"about.pair.behind.{item.language}.days", n=pair.days)
    words = el("p", spaced([t(f"history.body.{item.language}"), days]), class_="kb-facts")
    return spaced([_page(t, item.page, body), el("a", t("about.pair.see"), href=href)]) + words


def _missing(t: Texts, item: WorkItem) -> Markup:
    body = _body(t, item.page)
    href = addresses.writing(t.language, "edit", item.page.slug, [("body", item.language), ("beside", "1")])
    return spaced([_page(t, item.page, body), el("a", t(f"reports.translations.begin.{item.language}"), href=href)])


def _waiting(t: Texts, each: Waiting, by: str) -> Markup:
    body = each.body
    revision = [("body", body.language), ("number", str(body.latest))]
    compare = [("body", body.language), ("from", str(body.published)), ("to", str(body.latest))]
    reading = [el("a", t("history.view"), href=addresses.writing(t.language, "revision", each.page.slug, revision))]
    if body.published:
        href = addresses.writing(t.language, "compare", each.page.slug, compare)
        reading.append(el("a", t("history.changes"), href=href))
    identity = f"kb-review-{each.page.id}-{body.language}"
    return el(
        "section",
        el("h3", body.title or each.page.slug, lang=body.language),
        el("p", facts(t, each.latest), class_="kb-facts"),
        el("ul", [el("li", link) for link in reading], class_="kb-actions"),
        el(
            "form",
            hidden(),
            line_field(t, "reports.reviews.comment", f"{identity}-comment", "comment"),
            name_field(t, f"{identity}-by", by),
            el("button", t("reports.reviews.publish"), name="do", value="publish", class_="kb-button"),
            " ",
            el("button", t("reports.reviews.back"), name="do", value="back", class_="kb-button kb-button-plain"),
            method="post",
            action=addresses.writing(t.language, "reviews", each.page.slug, [("body", body.language)]),
            class_="kb-form",
        ),
    )


def _due(t: Texts, each: Due) -> Markup:
    when = t("reports.reviews.late" if each.days < 0 else "reports.reviews.soon", n=abs(each.days))
    day = date_text(t.language, each.body.review_on)
    owner = each.body.owner or t("reports.reviews.no-owner")
    edit = addresses.writing(t.language, "edit", each.page.slug, [("body", each.body.language)])
    link = el("a", t("writing.link.edit"), el("span", f" {each.body.title}", class_="kb-hidden"), href=edit)
    return _page(t, each.page, each.body) + el("p", spaced([owner, day, when, link]), class_="kb-facts")
