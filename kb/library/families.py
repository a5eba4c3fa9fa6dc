"""Editions that have to do with one another, and a stamp of each family that changes whenever one of them does."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

from kb.model.works import Version
from kb.store import Store


def stamps(store: Store, version_ids: Collection[str]) -> Mapping[str, str]:
    """Of each version that is held, what stays the same as long as its whole family does.

    To a family belong the editions of a work, of every work that one of them says it replaces, and of those that
    replace it: whatever becomes of the words of one of them is told by their texts, states and dates.
    """
    if not version_ids:
        return {}
    versions = {each.id: each for each in store.versions.list_all()}
    families = _families(store, versions)
    wanted = {each: families[each] for each in version_ids if each in families}
    members = {name for family in wanted.values() for name in family}
    texts = store.cited_passages.text_stamps(members)
    withdrawn = {name: each.withdrawn_at for name, each in store.withdrawals.all_standing().items()}
    own = {name: _own(versions[name], texts.get(name, ""), withdrawn.get(name, "")) for name in members}
    return {each: _digest(sorted(own[name] for name in family)) for each, family in wanted.items()}


def _families(store: Store, versions: Mapping[str, Version]) -> Mapping[str, Sequence[str]]:
    """The members of the family of each version."""
    above: dict[str, str] = {}

    def head(name: str) -> str:
        while (upper := above.setdefault(name, name)) != name:
            above[name] = above[upper]
            name = upper
        return name

    for version in versions.values():
        replaced = version.metadata.supersedes
        above[head(version.id)] = head(f"work {version.work_id}")
        if replaced:
            of = replaced if replaced in versions else f"work {store.former_works.now(replaced)}"
            above[head(version.id)] = head(of)
    families: dict[str, list[str]] = {}
    for name in versions:
        families.setdefault(head(name), []).append(name)
    return {name: families[head(name)] for name in versions}


def _own(version: Version, text: str, withdrawn_at: str) -> str:
    known = (version.id, version.work_id, version.status, version.metadata.supersedes, version.metadata.published)
    return "|".join((*known, version.metadata.language, version.added_at, text, withdrawn_at))


def _digest(parts: Collection[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
