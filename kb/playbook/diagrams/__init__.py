"""Flowcharts in the notation of Mermaid, drawn on the server: a picture, and its connections in words beside it.

No script of another project runs in the reader's browser; in return, only a subset of the notation is drawn
(`kb.playbook.diagrams.flowchart` says which).
"""

from __future__ import annotations

from markupsafe import Markup

from kb.i18n import Texts
from kb.playbook.diagrams.drawing import draw
from kb.playbook.diagrams.flowchart import Flowchart, read_flowchart
from kb.playbook.diagrams.layout import arrange
from kb.text.element import el

__all__ = ["diagram", "read_flowchart"]


def diagram(code: str, *, number: int, t: Texts) -> Markup | None:
    """The diagram `code` describes, as the `number`th of its page; None where it is none that we can draw."""
    chart = read_flowchart(code)
    if chart is None:
        return None
    label = t("playbook.diagram.label", number=number)
    return el(
        "figure",
        el("div", draw(arrange(chart), label=label), tabindex=0, role="region", aria_label=label, class_="kb-drawing"),
        el(
            "details",
            el("summary", t("playbook.diagram.words", number=number), lang=t.language),
            el("ul", [el("li", words) for words in in_words(chart, t)]),
        ),
        class_="kb-diagram",
    )


def in_words(chart: Flowchart, t: Texts) -> list[str]:
    """Each connection of `chart` in words, and each box that stands alone."""
    found = []
    for edge in chart.edges:
        source, target = chart.nodes[edge.source].text, chart.nodes[edge.target].text
        words = f"{source} → {target}"
        if not edge.has_arrow:
            words = t("playbook.diagram.between", source=source, target=target)
        found.append(t("playbook.diagram.labelled", connection=words, label=edge.label) if edge.label else words)
    connected = {name for edge in chart.edges for name in (edge.source, edge.target)}
    return [*found, *(node.text for name, node in chart.nodes.items() if name not in connected)]
