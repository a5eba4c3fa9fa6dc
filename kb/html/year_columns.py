"""Years side by side: the last fifteen, with one column for what is older."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.i18n import Texts

_MOST = 15


@dataclass(frozen=True, slots=True)
class YearColumns:
    """Columns of the years `first` to `last`, after one for earlier years where there are any."""

    first: int
    last: int
    has_before: bool

    def __len__(self) -> int:
        """How many columns there are."""
        return self.last - self.first + 1 + self.has_before

    def of(self, year: int) -> int:
        """Number of the column of a year, from 0."""
        return max(year - self.first + self.has_before, 0)

    def labels(self, t: Texts) -> list[str]:
        """Heads of the columns."""
        before = [t("overview.before", year=str(self.first - 1))]
        return before * self.has_before + [str(year) for year in range(self.first, self.last + 1)]


def year_columns(years: Iterable[int]) -> YearColumns | None:
    """Columns for these years; None where there are none."""
    known = sorted(set(years))
    if not known:
        return None
    first = max(known[0], known[-1] - _MOST + 1)
    return YearColumns(first, known[-1], has_before=known[0] < first)
