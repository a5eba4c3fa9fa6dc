"""HTML elements built in Python: text is always escaped, so that nothing from a document can become markup."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Child = str | Markup | None | Iterable["Child"]
Value = str | int | bool | None

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


def el(tag: str, *children: Child, **attributes: Value) -> Markup:
    """One element. A `str` child is text, `Markup` is kept, None is left out, an iterable is spread.

    Attributes are those of `opening`.
    """
    parts = [opening(tag, **attributes)]
    if tag not in _VOID:
        parts.extend(joined(child) for child in children)
        parts.append(Markup("</") + tag + Markup(">"))
    return Markup("").join(parts)


def opening(tag: str, **attributes: Value) -> Markup:
    """The opening tag alone, for what is closed elsewhere.

    Attribute names lose a trailing underscore and get hyphens (`class_`, `data_nav`); True is an attribute without a
    value; False, None and the empty `class_` are left out.
    """
    parts = [Markup("<") + tag]
    for name, value in attributes.items():
        if value is None or value is False or (name == "class_" and value == ""):
            continue
        shown = name.rstrip("_").replace("_", "-")
        parts.append(Markup(" ") + shown if value is True else Markup(' {}="{}"').format(shown, value))
    parts.append(Markup(">"))
    return Markup("").join(parts)


def joined(child: Child) -> Markup:
    """Children as one run of markup."""
    if child is None:
        return Markup("")
    if isinstance(child, str):
        return escape(child)
    return Markup("").join(joined(each) for each in child)


def spaced(items: Iterable[Child], separator: str = "\u00a0· ") -> Markup:
    """Items that are there, with a separator between them that never begins a line."""
    shown = [piece for piece in (joined(item) for item in items) if piece]
    return escape(separator).join(shown)
