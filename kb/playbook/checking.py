"""What leads nowhere in the text of a page, told before it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.errors import NotFoundError
from kb.playbook.links import Link, links
from kb.playbook.render import Rendered
from kb.store import Store

RemarkKind = Literal["wanted", "heading", "own-heading", "passage", "image", "image-words"]
"""`wanted`: no such page. `heading`, `own-heading`: a page, or this one, has no such heading. `passage`: not held.

`image`: from elsewhere, or never uploaded. `image-words`: nobody says what it shows.
"""

_IMAGE = re.compile(r"/playbook/images/(?P<name>[0-9a-f]{16,64}\.[a-z]{3,4})")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that leads nowhere: a page by its slug, with a heading by its id, a passage by its id, an address."""

    kind: RemarkKind
    target: str
    fragment: str = ""


def remarks(store: Store, body: str, rendered: Rendered) -> list[Remark]:
    """What of `body` leads nowhere, each once, in the order of the kinds; `rendered` is the same body."""
    pages = [
        Remark("wanted", each.slug)
        if each.is_missing
        else Remark("heading" if each.slug else "own-heading", each.slug, each.fragment)
        for each in rendered.links
        if each.is_missing or each.is_missing_heading
    ]
    found = links(body)
    cited = [note.passage_id for note in rendered.notes]
    linked = [each.target for each in found if each.kind == "passage"]
    passages = [Remark("passage", each) for each in (*cited, *linked) if not _is_held(store, each)]
    return list(dict.fromkeys([*pages, *passages, *_images(store, found)]))


def _is_held(store: Store, passage_id: str) -> bool:
    try:
        store.passages.get(passage_id)
    except NotFoundError:
        return False
    return True


def _images(store: Store, found: list[Link]) -> Iterator[Remark]:
    for each in found:
        if each.kind != "image":
            continue
        ours = _IMAGE.fullmatch(each.target)
        if ours is None or store.wiki_images.get(ours["name"]) is None:
            yield Remark("image", each.target)
        elif not each.words.strip():
            yield Remark("image-words", each.target)
