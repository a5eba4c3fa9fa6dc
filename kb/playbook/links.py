"""Links of a Markdown body: what leads where, and pages and headings under a new name; all else stays to the byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, unquote

from markdown_it.common.utils import unescapeAll

from kb.playbook.prose import Run, runs

LinkKind = Literal["page", "cite", "passage", "address", "image", "none"]

_WIKI = (
    r"\[\[(?:[ \t]*cite:[ \t]*(?P<cite>[A-Za-z0-9~._-]+)[ \t]*"
    r"|[ \t]*none:[ \t]*(?P<none>\d{4}-\d\d-\d\d)[ \t]*\\?\|(?P<query>(?:\\.|[^\[\]\\\r\n])*)"
    r"|(?![ \t]*(?:cite|none):)(?P<page>[^\[\]|#\\\r\n]*)(?:\#(?P<heading>[^\[\]|\\\r\n]*))?"
    r"(?:\\?\|(?P<words>(?:\\.|[^\[\]\\\r\n])*))?)\]\]"
)
_MARK = re.compile(
    rf"(?P<escape>\\[!-/:-@\[-`{{-~])|(?P<ticks>`+)"
    rf"|<(?P<auto>[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^<>\x00-\x20]*)>|(?P<wiki>{_WIKI})"
)
"""What is read before brackets, from left to right."""
_BRACKET = re.compile(r"!?\[|\]")
_TO = r"(?:<(?P<pointed>[^<>\r\n]*)>|(?P<bare>[^\s<>()]*(?:\((?:[^\s<>()]|\([^\s<>()]*\))*\)[^\s<>()]*)*))"
_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?"""
_INLINE = re.compile(rf"\(\s*{_TO}{_TITLE}\s*\)")
_DEFINITION = re.compile(rf"\[(?P<label>[^\[\]]+)\]:\s*{_TO}")
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*"
_ADDRESSES = (
    re.compile(rf"/playbook/(?P<slug>{_SLUG})/?(?:\?[^#]*)?(?:#(?P<heading>.*))?"),
    re.compile(r"/wiki/?\?(?:[^#]*[&;])?page=(?P<slug>[^&#]+)(?:&[^#]*)?(?:#(?P<heading>.*))?"),
    re.compile(r"(?P<slug>)#(?P<heading>.+)"),
)
_PASSAGE = re.compile(r"/c/(?P<id>[A-Za-z0-9~._%-]+)(?:[?#].*)?")
_FILLER = "\ufffc"


@dataclass(frozen=True, slots=True)
class Link:
    """A link, `body[start:end]`.

    `target` is the slug of a `page` (empty: the page itself; `fragment` is the id of a heading), the id of the passage
    of a `cite` or a `passage`, the `address` of anything else, the address of an `image`, or the date of a `none`,
    whose `words` are the query. `target_at` and `fragment_at` are where those two stand in the body, as written.
    """

    kind: LinkKind
    target: str
    fragment: str
    words: str
    start: int
    end: int
    target_at: tuple[int, int]
    fragment_at: tuple[int, int]


def links(body: str, *, origin: str = "") -> list[Link]:
    """The links of `body`, in order: those in double brackets, and inline links, images, definitions and autolinks.

    An address that begins with `origin`, such as `https://kb.example`, is read like one without it.
    """
    found = [link for run in runs(body) for link in _in_run(run, origin.rstrip("/"))]
    return sorted(found, key=lambda link: (link.start, -link.end))


def renamed(body: str, old_slug: str, new_slug: str, *, origin: str = "") -> str:
    """`body` with every link to page `old_slug` leading to `new_slug`."""
    found = [link for link in links(body, origin=origin) if link.kind == "page" and link.target == old_slug]
    return _rewritten(body, ((link.target_at, _as_written(body, link, new_slug)) for link in found))


def renamed_heading(body: str, slug: str, old_id: str, new_id: str, *, origin: str = "") -> str:
    """`body` with every link to heading `old_id` of page `slug` leading to `new_id`.

    Links that name no page, such as `[[#heading]]`, belong to the page of the body: they are meant by an empty slug.
    """
    wanted = ("page", slug, old_id)
    found = [link for link in links(body, origin=origin) if (link.kind, link.target, link.fragment) == wanted]
    return _rewritten(body, ((link.fragment_at, new_id) for link in found))


def _in_run(run: Run, origin: str) -> Iterator[Link]:
    if run.is_definition:
        masked = _MARK.sub(lambda mark: _FILLER * 2 if mark["escape"] else mark.group(), run.text)
        if found := _DEFINITION.search(masked):
            yield _leading(run, found, found.span("label"), (found.start(), found.end()), origin)
        return
    masked, marks = _masked(run)
    inline = list(_inline(run, masked))
    for start, end, to in inline:
        is_image = masked[start] == "!"
        yield _leading(run, to, (start + 1 + is_image, to.start() - 1), (start, end), origin, is_image=is_image)
    for mark in marks:
        if any(to.start() <= mark.start() < end for _, end, to in inline):
            continue  # part of an address or of its title
        if mark["auto"]:
            yield _leading(run, mark, mark.span("auto"), mark.span(), origin)
        elif link := _wiki(run, mark):
            yield link


def _masked(run: Run) -> tuple[str, list[re.Match[str]]]:
    """The text of `run` with escaped marks, code and what `marks` are filled in, and the links among `marks`."""
    text, masked, marks, at = run.text, "", [], 0
    while mark := _MARK.search(text, at):
        masked += text[at : mark.start()]
        at = mark.end()
        if mark["ticks"]:
            at = _end_of_code(run, mark)
        elif not mark["escape"]:
            marks.append(mark)
        filled = _FILLER * (at - mark.start())
        masked += mark["ticks"] if at == mark.end() and mark["ticks"] else f"<{filled[2:]}>" if mark["auto"] else filled
    return masked + text[at:], marks


def _end_of_code(run: Run, ticks: re.Match[str]) -> int:
    """Where the code ends that `ticks` begin, or they themselves if they begin none."""
    end = len(run.text)
    if run.is_row and (edge := re.compile(r"(?<!\\)\|").search(run.text, ticks.end())):
        end = edge.start()
    closing = re.compile(rf"(?<!`){ticks['ticks']}(?!`)").search(run.text, ticks.end(), end)
    return closing.end() if closing else ticks.end()


def _inline(run: Run, masked: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Start and end of each inline link or image with the match of its address; a link has none in its words."""
    openings: list[tuple[int, bool]] = []
    at = 0
    while bracket := _BRACKET.search(masked, at):
        at = bracket.end()
        if bracket.group() != "]":
            openings.append((bracket.start(), True))
            continue
        start, is_open = openings.pop() if openings else (0, False)
        to = _INLINE.match(masked, at) if is_open else None
        if to is None or (run.is_row and "|" in masked[start : to.end()]):
            continue
        at = to.end()
        if masked[start] == "[":
            openings = [(each, is_open and masked[each] == "!") for each, is_open in openings]
        yield start, at, to


def _leading(
    run: Run, to: re.Match[str], words: tuple[int, int], span: tuple[int, int], origin: str, *, is_image: bool = False
) -> Link:
    """The link that leads to the address in `to`."""
    name = next(name for name in ("auto", "pointed", "bare") if to.groupdict().get(name) is not None)
    begin, end = to.span(name)
    raw = run.text[begin:end]
    start = run.start + begin
    link = Link(
        "image" if is_image else "address",
        target=unescapeAll(raw),
        fragment="",
        words=run.text[slice(*words)],
        start=run.start + span[0],
        end=run.start + span[1],
        target_at=(start, start + len(raw)),
        fragment_at=(start + len(raw),) * 2,
    )
    return link if is_image else _of_our_own(link, raw, origin)


def _of_our_own(link: Link, raw: str, origin: str) -> Link:
    """`link` as one to a page or a passage, if `raw` is the address of such."""
    skipped = len(origin) if raw.startswith(f"{origin}/") else 0
    start, local = link.target_at[0] + skipped, raw[skipped:]
    if passage := _PASSAGE.fullmatch(local):
        return replace(link, kind="passage", target=unquote(passage["id"]), target_at=_moved(passage.span("id"), start))
    for address in _ADDRESSES:
        found = address.fullmatch(local)
        slug = unquote(found["slug"]) if found else ""
        if found is None or (slug and not re.fullmatch(_SLUG, slug)):
            continue
        at = _moved(found.span("slug"), start)
        fragment_at = link.fragment_at if found["heading"] is None else _moved(found.span("heading"), start)
        fragment = unquote(found["heading"] or "")
        return replace(link, kind="page", target=slug, fragment=fragment, target_at=at, fragment_at=fragment_at)
    return link


def _wiki(run: Run, mark: re.Match[str]) -> Link | None:
    """The link in double brackets, or None where they hold none."""
    kind: LinkKind = "cite" if mark["cite"] else "none" if mark["none"] else "page"
    target, fragment = _part(run, mark, kind), _part(run, mark, "heading")
    if target[0] == target[1] and fragment[0] == fragment[1]:
        return None
    words = mark["query"] if kind == "none" else mark["words"]
    name, heading = (run.text[start - run.start : end - run.start] for start, end in (target, fragment))
    start, end = _moved(mark.span(), run.start)
    return Link(kind, name, heading, words or "", start, end, target, fragment)


def _part(run: Run, mark: re.Match[str], group: str) -> tuple[int, int]:
    """Where a part of a link stands in the body, without white space around it; at its end where it has none."""
    if mark[group] is None:
        return _moved((mark.end(), mark.end()), run.start)
    start, text = mark.start(group), mark[group]
    start += len(text) - len(text.lstrip())
    return _moved((start, start + len(text.strip())), run.start)


def _moved(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _as_written(body: str, link: Link, slug: str) -> str:
    """`slug` in the way the target of `link` is written: in a query it may be quoted."""
    return slug if body[slice(*link.target_at)] == link.target else quote(slug, safe="")


def _rewritten(body: str, changes: Iterable[tuple[tuple[int, int], str]]) -> str:
    pieces: list[str] = []
    at = 0
    for (start, end), text in sorted(changes):
        pieces += [body[at:start], text]
        at = end
    return "".join(pieces) + body[at:]
