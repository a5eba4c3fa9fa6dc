"""What a flowchart says: its boxes and the connections between them.

The subset of Mermaid (https://mermaid.js.org/syntax/flowchart.html) that is read:

    flowchart TD            or graph; TD, TB, BT, LR, RL; one statement a line, or ended by ;
    A[box] --> B(rounded)   also {choice} and ((circle)); a text may stand in "quotes" and hold <br>
    A -->|label| B          also -- label -->; arrows -->, ==>, -.->; without a head ---, ===, -.-
    A & B --> C --> D       several at once, and one after another
    %% a remark
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Shape = Literal["box", "rounded", "choice", "circle"]
Line = Literal["solid", "dotted", "thick"]
Direction = Literal["TD", "BT", "LR", "RL"]

MAX_NODES, MAX_EDGES = 60, 120
_MAX_LENGTH, _MAX_LINE, _MAX_TEXT = 20_000, 2_000, 200

_HEAD = re.compile(r"(?:graph|flowchart)[ \t]+(TD|TB|BT|LR|RL)")
_NAME = re.compile(r"\w+(?:-\w+)*")
_SHAPES: Sequence[tuple[str, str, Shape]] = (
    ("((", "))", "circle"),
    ("(", ")", "rounded"),
    ("[", "]", "box"),
    ("{", "}", "choice"),
)
_ARROW = re.compile(
    r"(?P<plain>--+>|---+|==+>|===+|-\.+->|-\.+-)(?:[ \t]*\|(?P<label>[^|\n]{1,300})\|)?"
    r"|(?P<begin>--|==|-\.)[ \t]+(?P<words>[^|\s<>][^|\n<>]{0,300}?)[ \t]+(?P<end>--+>|---+|==+>|===+|\.+->|\.+-)"
)
_BREAK = re.compile(r"[ \t]*<br[ \t]*/?>[ \t]*", re.IGNORECASE)
_ENDS = {"--": "-", "==": "=", "-.": "."}


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its text, in which a line may end (`\\n`), and its shape."""

    label: str
    shape: Shape = "box"

    @property
    def text(self) -> str:
        """The text on one line."""
        return self.label.replace("\n", " ")


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection between two boxes, named as in the notation."""

    source: str
    target: str
    label: str = ""
    line: Line = "solid"
    has_arrow: bool = True


@dataclass(frozen=True, slots=True)
class Flowchart:
    """A flowchart with at least one box."""

    direction: Direction
    nodes: Mapping[str, Node]
    edges: Sequence[Edge]


class _OutsideError(Exception):
    """The text is not of the subset."""


def read_flowchart(code: str) -> Flowchart | None:
    """The flowchart `code` describes; None where it is anything else, or larger than can be read with profit."""
    lines = [line.strip() for line in code[: _MAX_LENGTH + 1].replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line and not line.startswith("%%")]
    is_short = len(code) <= _MAX_LENGTH and all(len(line) <= _MAX_LINE for line in lines)
    head = _HEAD.match(lines[0]) if lines and is_short else None
    if head is None:
        return None
    reader = _Reader()
    try:
        reader.rest(lines[0][head.end() :])
        for line in lines[1:]:
            reader.statements(line)
    except _OutsideError:
        return None
    if not reader.nodes:
        return None
    direction: Direction = "TD" if head[1] == "TB" else head[1]  # type: ignore[assignment]
    return Flowchart(direction, {name: node or Node(name) for name, node in reader.nodes.items()}, reader.edges)


class _Reader:
    """Reads line by line, and knows what was read so far. A box that was only named is None."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node | None] = {}
        self.edges: list[Edge] = []
        self._line = ""
        self._at = 0

    def rest(self, line: str) -> None:
        """What follows the first words on their line."""
        if line.strip() and not line.lstrip().startswith(";"):
            raise _OutsideError
        self.statements(line)

    def statements(self, line: str) -> None:
        """One line."""
        self._line, self._at = line, 0
        while self._skip():
            if self._line[self._at] == ";":
                self._at += 1
                continue
            self._statement()

    def _statement(self) -> None:
        sources = self._group()
        while self._skip() and self._line[self._at] != ";":
            arrow = self._arrow()
            targets = self._group()
            self.edges += [Edge(a, b, *arrow) for a in sources for b in targets]
            if len(self.edges) > MAX_EDGES:
                raise _OutsideError
            sources = targets

    def _group(self) -> list[str]:
        names = [self._node()]
        while self._skip() and self._line[self._at] == "&":
            self._at += 1
            names.append(self._node())
        return names

    def _node(self) -> str:
        self._skip()
        match = _NAME.match(self._line, self._at)
        if match is None or len(match[0]) > _MAX_TEXT:
            raise _OutsideError
        self._at = match.end()
        name = match[0]
        for opening, closing, shape in _SHAPES:
            if self._line.startswith(opening, self._at):
                self._at += len(opening)
                self.nodes[name] = Node(self._text(closing), shape)
                break
        self.nodes.setdefault(name, None)
        if len(self.nodes) > MAX_NODES:
            raise _OutsideError
        return name

    def _text(self, closing: str) -> str:
        """The text of a box, up to and with what closes it."""
        is_quoted = self._line.startswith('"', self._at)
        ends = f'"{closing}' if is_quoted else closing
        start = self._at + is_quoted
        end = self._line.find(ends, start)
        label = "\n".join(part.strip() for part in _BREAK.split(self._line[start:end])).strip()
        if end < 0 or not label or len(label) > _MAX_TEXT or (not is_quoted and re.search(r'[\[\](){}"]', label)):
            raise _OutsideError
        self._at = end + len(ends)
        return label

    def _arrow(self) -> tuple[str, Line, bool]:
        match = _ARROW.match(self._line, self._at)
        if match is None or (match["begin"] and not match["end"].startswith(_ENDS[match["begin"]])):
            raise _OutsideError
        self._at = match.end()
        drawn = match["plain"] or match["end"]
        label = (match["label"] or match["words"] or "").strip().strip('"')
        if len(label) > _MAX_TEXT:
            raise _OutsideError
        line: Line = "thick" if "=" in drawn else "dotted" if "." in drawn else "solid"
        return " ".join(_BREAK.sub(" ", label).split()), line, drawn.endswith(">")

    def _skip(self) -> bool:
        """Past spaces; whether anything is left of the line."""
        while self._at < len(self._line) and self._line[self._at].isspace():
            self._at += 1
        return self._at < len(self._line)
