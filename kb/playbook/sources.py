"""The sources of a page as readers see it: every passage it cites, how it stands now, and what has drifted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.library.evidence.collected import collected
from kb.model.evidence import BasketItem, Evidence, Lost
from kb.playbook.pages import PlaybookPage
from kb.playbook.standing import is_news, state_of
from kb.store import Store


@dataclass(frozen=True, slots=True)
class PageSources:
    """What is known of the passages that a page cites; `drifted` are those nobody has checked since they drifted."""

    evidence: Mapping[str, Evidence | Lost] = field(default_factory=dict)
    drifted: frozenset[str] = frozenset()


NO_SOURCES = PageSources()


def sources_of(store: Store, shown: PlaybookPage) -> PageSources:
    """The sources of a published page: a handful of queries, however many it cites."""
    links = store.wiki_links.of(shown.state.id, shown.language)
    cited = dict.fromkeys(each.target for each in links if each.kind == "cite")
    if not cited:
        return NO_SOURCES
    checks = store.citation_checks.all(shown.state.id)
    evidence = {each.item.passage_id: each for each in collected(store, [BasketItem(i, "", "", "") for i in cited])}
    drifted = {
        identity
        for identity, each in evidence.items()
        if is_news(state_of(each), checks.get((shown.state.id, shown.language, identity)))
    }
    return PageSources(evidence, frozenset(drifted))
