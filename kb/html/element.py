"""The elements that views are built of: those of `kb.text.element`, where the layers below build theirs."""

from kb.text.element import Child, Value, el, joined, spaced

__all__ = ["Child", "Value", "el", "joined", "spaced"]
