"""English words that are spelt in two ways: British and American, with a hyphen, as one word or as two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kb.text.words import WORD, stem

_PAIRS = """
    acknowledgement/acknowledgment ageing/aging aluminium/aluminum anaesthetic/anesthetic analogue/analog
    archaeology/archeology artefact/artifact behaviour/behavior behavioural/behavioral calibre/caliber
    catalogue/catalog centre/center colour/color counsellor/counselor defence/defense dialogue/dialog
    encyclopaedia/encyclopedia endeavour/endeavor enquiry/inquiry favour/favor favourite/favorite fibre/fiber
    flavour/flavor grey/gray harbour/harbor honour/honor instalment/installment judgement/judgment labour/labor
    licence/license litre/liter manoeuvre/maneuver metre/meter mould/mold neighbour/neighbor
    neighbourhood/neighborhood offence/offense orthopaedic/orthopedic paediatric/pediatric practise/practice
    pretence/pretense rumour/rumor sceptic/skeptic skilful/skillful spectre/specter theatre/theater
    vapour/vapor wilful/willful
"""
"""British and American; forms with the same stem go with them. Where the stems are one (fulfil, enrol, modelling)
nothing is needed."""

_WHOLE = {"programme": "program", "programmes": "programs"}
"""The same for whole words: programming is spelt alike everywhere."""

_COMPOUNDS = """
    cyber-attack cyber-crime cyber-security data-base data-set e-commerce e-government e-learning e-mail
    e-procurement e-services e-signature life-cycle multi-factor road-map open-source white-paper work-flow
"""
"""Words whose parts say something alone. A hyphen in a query is understood whatever it joins."""

_ISE = re.compile(r"(?P<base>\w{3,})(?P<ending>[sz](?:e|ed|es|er|ers|ing|able|ation|ations|ational))", re.IGNORECASE)
_JOINED = re.compile(r"(?<![\w-])([A-Za-z]+)[-‐‑–]([A-Za-z]{3,})(?![\w-])")


def _both_ways() -> dict[str, str]:
    pairs = [pair.split("/") for pair in _PAIRS.split()]
    return {stem(a): b for a, b in pairs} | {stem(b): a for a, b in pairs}


_BY_STEM = _both_ways()
_WORDS = _WHOLE | {american: british for british, american in _WHOLE.items()}
_SOLID = {compound.replace("-", ""): compound.replace("-", " ") for compound in _COMPOUNDS.split()}
_SPACED = {spaced: solid for solid, spaced in _SOLID.items()}


def spellings(text: str) -> Iterator[str]:
    """Other spellings of the words of an English `text`; some are words nobody writes, and match nothing."""
    words = [match.group().lower() for match in WORD.finditer(text)]
    for word in words:
        other = _WORDS.get(word) or _BY_STEM.get(stem(word)) or _ise(word)
        if other:
            yield other
        if word in _SOLID:
            yield _SOLID[word]
    for match in _JOINED.finditer(text):
        yield f"{match[1]}{match[2]}".lower()
    for first, second in pairwise(words):
        if f"{first} {second}" in _SPACED:
            yield _SPACED[f"{first} {second}"]


def _ise(word: str) -> str | None:
    """`organise` for `organize` and back, in every form; `analyse` for `analyze` too."""
    match = _ISE.fullmatch(word)
    if match is None or match["base"][-1] not in "iy":
        return None
    return match["base"] + ("z" if match["ending"][0] == "s" else "s") + match["ending"][1:]
