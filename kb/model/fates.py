"""What has become of the words of a passage since they were cited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.model.works import Version
from kb.text.difference import Segment

FateKind = Literal["same", "moved", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What has become of a passage in one version.

    `same`: the words are there, where they were. `moved`: they are there, under another heading or, without headings,
    on another page. `changed`: another wording is there, told by `segments`. `removed`: there is nothing like them.

    `page` is None where the version has no pages, or for what was removed. `section` are the headings above the place,
    outermost first; `passage_id` is the passage that holds it now, empty where none does.
    """

    kind: FateKind
    version: Version
    page: int | None = None
    section: tuple[str, ...] = ()
    passage_id: str = ""
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Fates:
    """What has become of a passage `here`, in its own edition as it was read last, and `there`, in its successor.

    `there` is None where its edition is current or was not replaced.
    """

    here: Fate
    there: Fate | None = None
