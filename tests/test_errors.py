from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb import errors
from kb.errors import KbError
from kb.i18n.catalogue import catalogue, text
from kb.store import jobs

KB = Path(errors.__file__).parent


def subclasses(cls):
    return [
        cls,
        *(deeper for sub in cls.__subclasses__() if sub.__module__ == errors.__name__ for deeper in subclasses(sub)),
    ]


def drawn():
    """Parent of every class in the tree at the top of the module."""
    parents, above = {}, []
    for line in errors.__doc__.splitlines():
        if match := re.match(r"^((?:[│ ]   |├── |└── )*)(\w+Error)\b", line):
            depth = len(match.group(1)) // 4
            above = [*above[:depth], match.group(2)]
            parents[match.group(2)] = above[depth - 1] if depth else ""
    return parents


def test_the_tree_that_is_drawn_is_the_tree_of_classes():
    assert drawn() == {cls.__name__: cls.__base__.__name__ if cls is not KbError else "" for cls in subclasses(KbError)}


def test_no_two_errors_share_a_code():
    codes = [cls.code for cls in subclasses(KbError)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("code", [*(cls.code for cls in subclasses(KbError)), "worker-stopped"])
def test_every_code_has_a_sentence_and_a_remedy_in_both_languages(code):
    for key in (f"error.{code}", f"error.{code}.remedy"):
        assert text("en", key).endswith((".", ":"))
        assert text("ja", key).endswith("。")


def test_every_reason_that_is_given_has_a_sentence_of_its_own():
    given = {
        match
        for file in KB.rglob("*.py")
        for match in re.findall(r'reason="([a-z-]+)"', file.read_text(encoding="utf-8"))
    }
    assert {"query-empty", "limit-pages"} <= given
    assert {f"error.{reason}" for reason in given} <= catalogue().keys()
    assert {f"error.{reason}.remedy" for reason in given} <= catalogue().keys()


def test_the_problem_of_a_job_that_took_its_workers_down_is_one_of_these():
    assert '"worker-stopped"' in Path(jobs.__file__).read_text(encoding="utf-8")


def test_an_error_reads_as_its_sentence_and_its_remedy():
    error = errors.QueryError("Nothing was typed.", remedy="Type something.", reason="query-empty")
    assert str(error) == "Nothing was typed. Type something."
    assert error.facts == {"reason": "query-empty"}
    assert str(KbError()) == "unexpected"
