"""A playbook in a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from kb.playbook.saving import Edit, Saved, save
from kb.settings import Settings
from kb.store import Store

Write = Callable[..., Saved]


@pytest.fixture
def store(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(settings.model_copy(update={"data_dir": tmp_path_factory.mktemp("playbook")}))
    yield opened
    opened.close()


def page_text(body: str, *, title: str = "Cloud", **values: str) -> str:
    """A page as a file holds it."""
    front = "".join(f"{name}: {value}\n" for name, value in {"title": title, **values}.items())
    return f"---\n{front}---\n{body}"


@pytest.fixture
def write(store: Store) -> Write:
    """Saves a body: `write("cloud", "text", language="ja", based_on=1)`; front matter as further values."""

    def written(slug: str, body: str, **values: object) -> Saved:
        known = ("language", "based_on", "author", "stage", "agrees")
        named = {name: values.pop(name) for name in known if name in values}
        edit: dict[str, object] = {"language": "en", "based_on": 0, "author": "Aya Ito", **named}
        return save(store, Edit(slug, text=page_text(body, **values), **edit))  # type: ignore[arg-type]

    return written
