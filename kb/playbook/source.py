"""The text of a page as it is kept: front matter and Markdown, to the byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import yaml

from kb.errors import ManifestError
from kb.model.playbook import PageKind

PLACE_LAST = 1_000
"""Place of a page among the others that names none."""

FIELDS = ("title", "summary", "theme", "order", "kind", "owner", "review", "updated")
"""Of the front matter, what the playbook itself goes by; whatever else stands there is kept."""

_FRONT = re.compile(r"---\n(?P<front>.*?\n)?---\n(?P<body>.*)", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Source:
    """A page as a file holds it. `front` are the lines between the two rows of hyphens, None where there are none."""

    front: str | None
    body: str

    @classmethod
    def read(cls, text: str) -> Source:
        """The parts of `text`; `Source.read(text).text == text` always holds."""
        match = _FRONT.fullmatch(text)
        return cls(match["front"] or "", match["body"]) if match else cls(None, text)

    @property
    def text(self) -> str:
        """The whole again."""
        return self.body if self.front is None else f"---\n{self.front}---\n{self.body}"

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """Values of the front matter as text; raises `ManifestError` where it cannot be understood."""
        try:
            read = yaml.safe_load(self.front or "")
        except yaml.YAMLError as error:
            raise ManifestError(
                "The front matter of this page cannot be read.",
                remedy="Correct the lines between the two rows of hyphens.",
                detail=str(error),
            ) from error
        if not isinstance(read, dict):
            return {}
        return {str(name): "" if value is None else str(value).strip() for name, value in read.items()}

    def one(self, name: str) -> str:
        """A value of the front matter, or empty."""
        return self.fields.get(name, "")

    @property
    def place(self) -> int:
        """Where the page stands among the others."""
        order = self.one("order")
        return int(order) if order.isascii() and order.isdecimal() and len(order) < 9 else PLACE_LAST

    @property
    def kind(self) -> PageKind:
        """Of which kind the page is."""
        return "comparison" if self.one("kind") == "comparison" else "page"

    def date(self, name: str) -> str:
        """A date of the front matter, ISO 8601, or empty where it is none."""
        value = self.one(name)
        return value if _DATE.fullmatch(value) else ""

    def with_values(self, values: Mapping[str, str]) -> Source:
        """The same with these values in its front matter; an empty one is taken out. Other lines stay as they are."""
        front = self.front or ""
        for name, value in values.items():
            if self.one(name) == value.strip():
                continue
            front = _set(front, name, value.strip())
        return Source(front if front or self.front is not None else None, self.body)

    def with_body(self, body: str) -> Source:
        """The same front matter over another body."""
        return replace(self, body=body)


def _set(front: str, name: str, value: str) -> str:
    entry = re.compile(rf"^{re.escape(name)}[ \t]*:[^\n]*\n(?:[ \t]+[^\n]*\n|\n(?=[ \t]))*", re.MULTILINE)
    line = f"{name}: {_scalar(value)}\n" if value else ""
    changed, found = entry.subn(lambda _: line, front, count=1)
    return changed if found else front + line


def _scalar(value: str) -> str:
    """A value as one line of YAML, quoted only where it must be."""
    is_plain_date = _DATE.fullmatch(value) is not None or value.isdecimal()
    if is_plain_date:
        return value
    written = yaml.safe_dump(" ".join(value.split()), allow_unicode=True, width=1_000_000, default_flow_style=True)
    return written.removesuffix("\n").removesuffix("\n...")
