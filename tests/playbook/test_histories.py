"""Whatever is done to pages in whatever order, no link is lost and no text."""

from __future__ import annotations

import contextlib

from hypothesis import HealthCheck
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kb.errors import KbError
from kb.playbook.links import links
from kb.playbook.moving import archive, bring_back, delete, move
from kb.playbook.pages import Playbook
from kb.playbook.saving import Edit, restore_revision, save
from kb.settings import load_settings
from kb.store import Store
from tests.playbook.conftest import page_text

SLUGS = st.sampled_from(["a", "b", "c", "d", "x/a", "x/b", "y"])
PAGES = st.integers(0, 3)
FORMS = (
    *("[[{0}]]", "[[{0}#one]]", "[[{0}|words]]"),
    *("[w](/playbook/{0})", "[w](/playbook/{0}#one)", "[w](/wiki?page={0})"),
)


def machine(home):
    class Histories(RuleBasedStateMachine):
        """Four pages, each with a link of every form to every other; whatever happens, each link finds its page."""

        @initialize()
        def begin(self):
            number = len(list(home.iterdir())) if home.exists() else 0
            self.store = Store(load_settings(data_dir=home / f"{number}"))
            self.first = "abcd"
            self.texts = {}
            for own in self.first:
                body = f"This is {own}.\n\n## One {{#one}}\n\n" + "\n".join(
                    form.format(other) for other in self.first for form in FORMS
                )
                self.texts[own] = save(self.store, Edit(own, "en", page_text(f"{body}\n", title=own), 0, "Aya"))

        def teardown(self):
            if hasattr(self, "store"):
                self.store.close()

        def page(self, number):
            return self.store.wiki.get_many([number + 1])[number + 1]

        def tried(self, action):
            with contextlib.suppress(KbError):
                action()

        @rule(number=PAGES, to=SLUGS)
        def move(self, number, to):
            self.tried(lambda: move(self.store, self.page(number).slug, to, author="Aya"))

        @rule(number=PAGES, back=st.booleans())
        def edit(self, number, back):
            page = self.page(number)
            latest = page.bodies["en"].latest
            based_on = max(1, latest - back)
            text = self.store.revisions.get(page.id, "en", based_on).text
            edited = text + f"\nMore {latest}.\n"
            self.tried(lambda: save(self.store, Edit(page.slug, "en", edited, based_on, "Ken")))

        @rule(number=PAGES, part=st.floats(0, 1))
        def restore(self, number, part):
            page = self.page(number)
            chosen = 1 + int(part * (page.bodies["en"].latest - 1))
            self.tried(lambda: restore_revision(self.store, page.slug, "en", chosen, author="Ken"))

        @rule(number=PAGES, action=st.sampled_from([archive, delete, bring_back]))
        def keep(self, number, action):
            self.tried(lambda: action(self.store, self.page(number).slug, author="Ken"))

        @invariant()
        def every_link_finds_its_page(self):
            if not hasattr(self, "store"):
                return
            book = Playbook(self.store)
            for number, own in enumerate(self.first):
                page = self.page(number)
                text = self.store.revisions.get(page.id, "en", page.bodies["en"].published).text
                assert f"This is {own}." in text
                found = [self.store.wiki.get(link.target).id for link in links(text) if link.kind == "page"]
                assert found[: 4 * len(FORMS)] == [other + 1 for other in range(4) for _ in FORMS]
                assert self.store.wiki.get(own).id == number + 1
                if not page.deleted_at:
                    assert book.page(own, "en").state.id == number + 1

    return Histories


def test_every_link_form_survives_any_history(tmp_path):
    run_state_machine_as_test(
        machine(tmp_path / "libraries"),
        settings=examples(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
