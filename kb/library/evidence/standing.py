"""What has become of a collected passage, in plain words."""

from __future__ import annotations

import re

from kb.i18n import Texts, date_text
from kb.model.editions import Successor
from kb.model.evidence import Evidence, Lost

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def standing(t: Texts, evidence: Evidence | Lost) -> str:
    """One or a few sentences: that the words stand as quoted, or what replaced, moved, changed or removed them."""
    if isinstance(evidence, Lost):
        date = date_text(t.language, evidence.deleted_at or "")
        return t("basket.standing.deleted", date=date) if date else t("basket.standing.lost")
    if evidence.withdrawal is not None:
        date = date_text(t.language, evidence.withdrawal.withdrawn_at)
        return t("basket.standing.withdrawn", date=date)
    here, there = evidence.fates.here, evidence.fates.there
    said = []
    if here.kind != "same":
        said.append(t(f"basket.standing.here.{here.kind}", page=str(here.page or 1)))
    if evidence.successor is not None:
        said.append(_replaced(t, evidence.successor, retired=evidence.version.status == "retired"))
        if there is not None:
            said.append(t(f"basket.standing.there.{there.kind}"))
    elif evidence.version.status != "current":
        said.append(t(f"document.notice.{evidence.version.status}"))
    return (" " if t.language == "en" else "").join(said) or t("basket.standing.same")


def is_as_quoted(evidence: Evidence | Lost) -> bool:
    """Whether the words stand in a current edition as they were quoted."""
    if isinstance(evidence, Lost) or evidence.withdrawal is not None or evidence.version.status != "current":
        return False
    return evidence.fates.here.kind == "same" and evidence.fates.there is None


def _replaced(t: Texts, successor: Successor, *, retired: bool) -> str:
    title = successor.version.title
    if retired:
        return t("successor.retired", title=title)
    published = successor.first.metadata.published
    known = "undated" if not published else "day" if _DAY.fullmatch(published) else "period"
    how = "by" if successor.first == successor.version else "chain"
    return t(f"successor.{how}.{known}", title=title, date=date_text(t.language, published))
