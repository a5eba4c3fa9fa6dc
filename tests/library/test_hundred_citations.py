"""A hundred links, made before documents were cut anew, given other ids and replaced: every one tells the truth."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from made_library import make_pdf
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kb.html import addresses
from kb.library.anchors import follow
from kb.library.sections import bare
from kb.model.passages import heading_end
from kb.web.site import Site
from tests.ui.standin import StandIn

OPERATIONS = ("keep", "change", "keep", "move", "keep", "remove")
SECTIONS = 30

_EN = (
    ("departments", "councils", "agencies", "service teams", "delivery managers", "data owners"),
    ("publish", "review", "archive", "measure", "describe"),
    ("the register of assets", "every contract above the threshold", "requests from the public", "the list of risks"),
    ("within ten working days", "before the end of the quarter", "after each release", "at every board meeting"),
)
_JA = (
    ("各府省は", "地方公共団体は", "独立行政法人は", "開発担当者は", "事業責任者は", "データ管理者は"),
    ("公表しなければならない", "点検するものとする", "保存することとする", "測定する", "説明する"),
    ("資産の台帳を", "一定額を超える契約を", "国民からの請求を", "リスクの一覧を"),
    ("10営業日以内に", "四半期の末日までに", "公開のたびに", "会議のたびに"),
)


@dataclass(frozen=True)
class Case:
    """A kind of document: its name, language and how its chapters are written to a file."""

    name: str
    language: str
    paged: bool

    @property
    def path(self) -> str:
        return f"{self.name}.{'pdf' if self.paged else 'md'}"

    def chapter(self, number: int) -> str:
        """Four sentences that stand in no other chapter."""
        ja = self.language == "ja"
        words = _JA if ja else _EN
        found = []
        for n in range(4):
            who, does, what, when = (
                part[(number * 7 + n * 3 + number // (k + 2)) % len(part)] for k, part in enumerate(words)
            )
            case = f"{self.name}-{number}-{n}"
            if ja:
                found.append(f"第{number}章の規定{case}により、{who}、{when}{what}{does}。")
            else:
                found.append(f"Under rule {case} of part {number}, {who} {does} {what} {when}.")
        return ("" if ja else " ").join(found)

    def changed(self, text: str) -> str:
        """The chapter with its third sentence in other words and another at its end."""
        if self.language == "ja":
            return (
                text.replace("することとする", "しなければならない").replace("、", "、原則として", 1)
                + "例外は別に定める。"
            )
        return text.replace("Under rule", "According to rule", 1) + " Exceptions are listed in the annex."

    def write(self, chapters: list[tuple[str, str]], edition: str) -> bytes:
        """A file of chapters, each a heading and a text."""
        if self.paged:
            width = 34 if self.language == "ja" else 80
            return make_pdf(
                *(f"{title}\n" + "\n".join(_wrapped(text, width)) for title, text in chapters), title=edition
            )
        head = (
            f"---\ntitle: {edition}\nlanguage: {self.language}\nid: {self.name}\npublished: {edition[-4:]}-04-01\n---\n"
        )
        return (head + "".join(f"## {title}\n\n{text}\n\n" for title, text in chapters)).encode()


CASES = (
    Case("manual", "en", paged=False),
    Case("tebiki", "ja", paged=False),
    Case("standard", "en", paged=True),
    Case("hyojun", "ja", paged=True),
)


def _wrapped(text: str, width: int) -> list[str]:
    if text.isascii():
        lines, line = [], ""
        for word in text.split():
            if len(line) + len(word) > width:
                lines, line = [*lines, line], ""
            line = f"{line} {word}".strip()
        return [*lines, line]
    return [text[i : i + width] for i in range(0, len(text), width)]


def editions(case: Case) -> tuple[bytes, bytes, dict[int, str]]:
    """Two editions of a document, and what was done to each chapter between them."""
    done = {number: OPERATIONS[number % len(OPERATIONS)] for number in range(1, SECTIONS + 1)}
    titles = {n: (f"第{n}章の見出し" if case.language == "ja" else f"Part {n} of the rules") for n in done}
    annex = "附則として移した事項" if case.language == "ja" else "Annex of what was moved"
    before = [(titles[n], case.chapter(n)) for n in done]
    after = [
        (titles[n], case.changed(case.chapter(n)) if done[n] == "change" else case.chapter(n))
        for n in done
        if done[n] in ("keep", "change")
    ]
    moved = [case.chapter(n) for n in done if done[n] == "move"]
    after += [(annex, text) for text in moved] if case.paged else [(annex, "\n\n".join(moved))]
    return case.write(before, f"{case.name} 2022"), case.write(after, f"{case.name} 2025"), done


@pytest.fixture
def history(make_library):
    """A library with its past: links made first, then documents cut anew, called otherwise and replaced."""
    written = {case: editions(case) for case in CASES}
    library = make_library({}, build=False)
    library.settings = library.settings.model_copy(update={"passage_tokens": 110, "passage_overlap_tokens": 0})
    library.write({case.path: written[case][0] for case in CASES})
    library.ingest()
    cited = {
        case: [
            passage
            for passage in library.store.passages.list(library.version(case.path).id)
            if len([n for n in range(1, SECTIONS + 1) if f"{case.name}-{n}-" in passage.text]) == 1
        ]
        for case in CASES
    }
    works = {case: library.version(case.path) for case in CASES}
    library.settings = library.settings.model_copy(update={"passage_tokens": 60, "passage_overlap_tokens": 20})
    library.ingest()
    corrected = "\n".join(f"{case.path}\t{case.name}-corrected" for case in CASES)
    library.write({"MANIFEST.tsv": f"path\tid\n{corrected}\n"})
    library.ingest()
    library.write({case.path: written[case][1] for case in CASES})
    library.ingest()
    return library, cited, works, {case: written[case][2] for case in CASES}


def chapter_of(case: Case, text: str) -> int:
    return next(n for n in range(1, SECTIONS + 1) if f"{case.name}-{n}-" in bare(text))


def test_a_hundred_links_resolve_to_their_words_or_say_truthfully_what_happened(history, tmp_path):
    library, cited, works, done = history
    links = [(case, passage) for case in CASES for passage in cited[case]]
    assert len(links) >= 100
    page = tmp_path / "index.html"
    page.write_text('<html lang="en"><head><title></title></head><body><div id="root"></div></body></html>')
    site = Site(page, open_library=lambda: StandIn(library.settings))
    app = Starlette(routes=site.routes(), middleware=site.middleware(), lifespan=site.lifespan)
    seen: dict[str, int] = {}
    leads: set[str] = set()
    with TestClient(app) as client:
        for case, passage in links:
            fates = follow(library.store, passage)
            new = library.version(case.path)
            assert (fates.here.kind, fates.there.version) == ("same", new)
            pages = library.store.pages.list(new.id)
            words, held = bare(passage.text), bare("".join(each.text for each in pages))
            body = bare(passage.text[heading_end(passage) :])
            operation = done[case][chapter_of(case, passage.text)]
            expected = {"keep": "same", "move": "moved", "change": "changed", "remove": "removed"}[operation]
            kind = fates.there.kind
            seen[kind] = seen.get(kind, 0) + 1
            if expected == "changed" and body in held:
                expected = "same"  # the part of a changed chapter that was left as it was
            if case.paged and expected == "same":  # pages move up where one before them was removed
                expected = "same" if fates.there.page == passage.page else "moved"
            assert kind == expected, (passage.text, fates.there)
            assert (body in held) == (kind in ("same", "moved"))
            if kind != "removed":
                holder = library.store.passages.get(fates.there.passage_id)
                assert holder.version_id == new.id
                assert holder.page == fates.there.page
            if kind == "changed":
                assert "".join(bare(s.text) for s in fates.there.segments if s.kind != "added") == words
                assert "".join(bare(s.text) for s in fates.there.segments if s.kind != "removed") in held
            for language in ("en", "ja"):
                answer = client.get(f"{addresses.passage(passage.id)}?lang={language}")
                assert answer.status_code == 200
                shown = BeautifulSoup(answer.text, "html.parser").main
                assert words in bare((shown.blockquote or shown.select_one(".kb-context")).get_text())
                assert shown.select_one(f".kb-fate-{kind}")
                assert new.title in shown.select_one(".kb-notice-edition").get_text()
                leads.update(link["href"] for link in shown.select(".kb-fate a"))
        assert {client.get(address).status_code for address in leads} == {200}
        for case, version in works.items():
            for address in (addresses.work(version), addresses.edition(version)):
                answer = client.get(address, follow_redirects=False)
                assert answer.status_code == (200 if version.work_id == f"{case.name}-corrected" else 301)
                assert client.get(address).status_code == 200
            assert client.get(addresses.file(version)).status_code == 200
    assert set(seen) == {"same", "moved", "changed", "removed"}
    assert min(seen.values()) >= 10
