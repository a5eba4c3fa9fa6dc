"""Tags of template languages and Govspeak that stand in Markdown sources and are no text."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^([`~]{3,})[^\n]*\n.*?^\1[`~]*[^\S\n]*$", re.DOTALL | re.MULTILINE)
_TAGS = re.compile(
    r"\{%-?.{0,2000}?-?%\}"  # Liquid, Nunjucks
    r"|\{\{[^{}]{0,200}\(\{.{0,6000}?\}\)\s*-?\}\}"  # their macros
    r"|\{\{.{0,1000}?\}\}"  # their values
    r"|<%.{0,2000}?%>"  # ERB
    r"|\{::?[^}\n]{0,300}\}"  # kramdown attributes
    r"|\{include [^}\n]{0,300}\}"
    r"|^\$[A-Z]{1,3}[^\S\n]*$"  # Govspeak: $CTA, $A, $I ...
    r"|^:::[^\n]*$"  # containers
    r"|^\*\[[^\]\n]{1,80}\]:[^\n]*$"  # abbreviations
    r"|\[(?:InlineAttachment|embed|Image|Attachment|Contact):[^\]\n]{0,300}\]"
    r"|\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]"
    r"|\{#[A-Za-z][\w-]{0,100}\}[^\S\n]*$",
    re.DOTALL | re.MULTILINE,
)
_TIGHT_HEADING = re.compile(r"^(#{2,6})(?=[^#\s])", re.MULTILINE)
"""A heading without the space that CommonMark asks for, as older sites wrote it."""
_STEP = re.compile(r"^s(\d{1,3})\.[^\S\n]", re.MULTILINE)
_CALLOUT = re.compile(r"^[\^%@](?=\S)([^\n]*?)[\^%@][^\S\n]*$", re.MULTILINE)


def without_tags(markdown: str) -> str:
    """`markdown` without template tags; what stands in fenced code stays as it is."""
    parts: list[str] = []
    end = 0
    for fence in _FENCE.finditer(markdown):
        parts += (_clean(markdown[end : fence.start()]), fence.group())
        end = fence.end()
    return "".join((*parts, _clean(markdown[end:])))


def _clean(text: str) -> str:
    text = _TIGHT_HEADING.sub(r"\1 ", text)
    return _CALLOUT.sub(r"\1", _STEP.sub(r"\1. ", _TAGS.sub("", text)))
