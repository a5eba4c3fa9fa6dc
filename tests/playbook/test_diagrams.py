"""Flowcharts: what is read, where it stands, and how it is said in words."""

from __future__ import annotations

from itertools import combinations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.i18n import Texts
from kb.playbook.diagrams import diagram, in_words
from kb.playbook.diagrams.flowchart import MAX_EDGES, MAX_NODES, Edge, Flowchart, Node, read_flowchart
from kb.playbook.diagrams.layout import arrange
from kb.playbook.diagrams.words import columns, wrapped

T = Texts("en")


def chart(*lines: str, head: str = "flowchart TD") -> Flowchart:
    found = read_flowchart("\n".join([head, *lines]))
    assert found is not None
    return found


def test_boxes_have_their_text_and_shape():
    nodes = chart(
        "A[Box]", "B(Round one)", "C{Choice?}", "D((Circle))", 'E["With (all) [of] {it}"]', "F", "基準[標準]"
    ).nodes
    assert list(nodes.values()) == [
        Node("Box"),
        Node("Round one", "rounded"),
        Node("Choice?", "choice"),
        Node("Circle", "circle"),
        Node("With (all) [of] {it}"),
        Node("F"),
        Node("標準"),
    ]


def test_a_box_that_was_named_before_gets_its_text_where_it_stands():
    assert chart("A --> B", "B[Later]").nodes == {"A": Node("A"), "B": Node("Later")}


@pytest.mark.parametrize(
    ("line", "edge"),
    [
        ("A --> B", Edge("A", "B")),
        ("A-->B", Edge("A", "B")),
        ("A ----> B", Edge("A", "B")),
        ("A --- B", Edge("A", "B", has_arrow=False)),
        ("A -.-> B", Edge("A", "B", line="dotted")),
        ("A -.- B", Edge("A", "B", line="dotted", has_arrow=False)),
        ("A ==> B", Edge("A", "B", line="thick")),
        ("A === B", Edge("A", "B", line="thick", has_arrow=False)),
        ("A -->|yes, it is| B", Edge("A", "B", "yes, it is")),
        ('A -->|"はい"|B', Edge("A", "B", "はい")),
        ("A -- yes --> B", Edge("A", "B", "yes")),
        ("A -. maybe .-> B", Edge("A", "B", "maybe", "dotted")),
        ("A == sure ==> B", Edge("A", "B", "sure", "thick")),
    ],
)
def test_connections_are_read(line, edge):
    assert chart(line).edges == [edge]


def test_connections_can_be_chained_and_shared():
    edges = chart("A[x] & B --> C --> D; D --> A").edges
    assert [(edge.source, edge.target) for edge in edges] == [("A", "C"), ("B", "C"), ("C", "D"), ("D", "A")]


def test_remarks_and_empty_lines_are_passed_over():
    assert list(chart("%% a remark", "", "  A --> B  ").nodes) == ["A", "B"]
    assert list(chart("A --> B", head="graph LR;").nodes) == ["A", "B"]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "sequenceDiagram\nA->>B: x",
        "pie title x",
        "flowchart TD",
        "flowchart XY\nA",
        "flowchart TD\nsubgraph x\nA\nend",
        "flowchart TD\nclick A https://www.gov.uk",
        "flowchart TD\nstyle A fill:#f00",
        "flowchart TD\nA[x",
        "flowchart TD\nA[]",
        "flowchart TD\nA{{x}}",
        "flowchart TD\nA --x B",
        "flowchart TD\nA <--> B",
        "flowchart TD\nA -- x ==> B",
        "flowchart TD\nA -->",
        "flowchart TD\n--> A",
        "flowchart TD\nA[" + "x" * 201 + "]",
        "flowchart TD\n" + "\n".join(f"A{i}" for i in range(MAX_NODES + 1)),
        "flowchart TD\n" + "A --> B\n" * (MAX_EDGES + 1),
        "flowchart TD\nA" + " " * 30_000,
    ],
)
def test_what_is_no_flowchart_of_ours_is_not_drawn(code):
    assert read_flowchart(code) is None
    assert diagram(code, number=1, t=T) is None


def test_the_largest_flowchart_is_drawn():
    lines = [f"A{i} --> A{(i * 7 + 3) % MAX_NODES}" for i in range(MAX_NODES)]
    assert len(chart(*lines, *lines).edges) == MAX_EDGES


@pytest.mark.parametrize(
    ("head", "order"),
    [
        ("TD", lambda x, y: y),
        ("TB", lambda x, y: y),
        ("BT", lambda x, y: -y),
        ("LR", lambda x, y: x),
        ("RL", lambda x, y: -x),
    ],
)
def test_a_flowchart_goes_where_it_says(head, order):
    nodes = arrange(chart("A --> B --> C", "A --> C", head=f"graph {head}")).nodes
    places = [order(*node.centre) for node in nodes]
    assert places == sorted(places)
    assert len(set(places)) == 3


def test_circles_and_loops_are_drawn():
    arranged = arrange(chart("A --> B --> C --> A", "A --> A", "B -->|again| B", "C --> B"))
    assert len(arranged.edges) == 6
    ends = [(edge.edge.source, edge.edge.target) for edge in arranged.edges if edge.is_loop]
    assert ends == [("A", "A"), ("B", "B")]


_NAMES = st.sampled_from([f"n{i}" for i in range(12)])
_LABELS = st.sampled_from(["", "", "yes", "a label of several words", "公共サービスの設計"])
_EDGES = st.lists(st.builds(Edge, _NAMES, _NAMES, _LABELS), max_size=24)
_NODES = st.builds(Node, st.text(min_size=1, max_size=60), st.sampled_from(["box", "rounded", "choice", "circle"]))


@settings(max_examples=150, deadline=None)
@given(_EDGES, st.dictionaries(_NAMES, _NODES, min_size=1), st.sampled_from(["TD", "BT", "LR", "RL"]))
def test_nothing_lies_on_a_box_or_beyond_the_edge(edges, nodes, direction):
    named = {name: Node(name) for edge in edges for name in (edge.source, edge.target)}
    arranged = arrange(Flowchart(direction, named | nodes, edges))
    areas = [(*node.centre, node.width, node.height) for node in arranged.nodes]
    labels = [(*edge.label_at, 1, 1) for edge in arranged.edges if edge.label_at]
    for (ax, ay, aw, ah), (bx, by, bw, bh) in [*combinations(areas, 2), *((a, b) for a in areas for b in labels)]:
        assert abs(ax - bx) >= (aw + bw) / 2 - 0.01 or abs(ay - by) >= (ah + bh) / 2 - 0.01
    for x, y, w, h in areas:
        assert w / 2 <= x <= arranged.width - w / 2
        assert h / 2 <= y <= arranged.height - h / 2
    assert all(0 <= x <= arranged.width and 0 <= y <= arranged.height for e in arranged.edges for x, y in e.points)
    assert len(arranged.edges) == len(edges)


def test_japanese_is_wrapped_by_its_width_and_never_before_a_full_stop():
    assert columns("aあ") == 3
    assert wrapped("公共サービスの設計と運用に関する方針") == ["公共サービスの設計と運用", "に関する方針"]
    assert wrapped("公共サービスの設計と運用。方針") == ["公共サービスの設計と運用。", "方針"]
    assert wrapped("one two three four five six seven") == ["one two three four five", "six seven"]
    assert wrapped("x" * 50) == ["x" * 24, "x" * 24, "xx"]
    assert wrapped("a\nb") == ["a", "b"]


def test_the_connections_are_said_in_words():
    read = chart("A[Need] -->|first| B{Offer?}", "B --- C", "D[Alone<br>here]")
    assert in_words(read, T) == ["Need → Offer?: first", "Offer? and C are connected", "Alone here"]
    assert in_words(read, Texts("ja"))[1] == "Offer?とCがつながっている"


def test_a_picture_has_a_name_and_its_words_beside_it():
    page = BeautifulSoup(str(diagram("graph TD\nA[<b>] -->|<i>| B", number=2, t=T)), "lxml")
    assert page.svg["role"] == "img"
    assert page.svg["aria-label"] == "Diagram 2, as a list below"
    assert page.svg.title.get_text() == page.svg["aria-label"]
    assert [item.get_text() for item in page.select("details li")] == ["<b> → B: <i>"]
    assert not page.find_all(["b", "i"])
    assert not page.select("[style], [id]")
