from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kb.errors import EmptyFileError, LimitExceededError, ManifestError, UnreadableDocumentError, WrongTypeError
from kb.ingest.parse.runner import ParserProcess, parse_file
from kb.settings import Settings


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text("# Purpose\n\nServices for everyone.\n", encoding="utf-8")
    return path


def test_a_file_is_read_in_a_process_of_its_own(note: Path, settings: Settings) -> None:
    parsed = parse_file(note, filename="note.md", settings=settings)
    assert parsed.pages[0].text == "Purpose\n\nServices for everyone."
    assert parsed.title == "Purpose"


def test_many_files_share_one_process(note: Path, parser: ParserProcess) -> None:
    parser.parse(note, filename="note.md")
    first = parser.pid
    parser.parse(note, filename="note.md")
    assert parser.pid == first != os.getpid()


def test_progress_is_told_as_pages_done_of_all(note: Path, parser: ParserProcess) -> None:
    told: list[tuple[int, int]] = []
    parser.parse(note, filename="note.md", on_progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def test_an_error_crosses_with_its_class_sentence_remedy_and_facts(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "stored-under-another-name"
    path.write_bytes(b"<!DOCTYPE html><html><body>Sign in</body></html>")
    with pytest.raises(WrongTypeError) as caught:
        parser.parse(path, filename="report.pdf")
    assert caught.value.message == "The name ends in “.pdf”, but the content looks like HTML."
    assert caught.value.remedy
    assert caught.value.facts["looks_like"] == "HTML"


def test_front_matter_that_is_not_yaml_is_a_manifest_error(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "page.md"
    path.write_text("---\ntitle: a: b: c\n---\nText\n", encoding="utf-8")
    with pytest.raises(ManifestError):
        parser.parse(path, filename="page.md")


def test_an_empty_file_is_refused(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(EmptyFileError):
        parser.parse(path, filename="empty.pdf")


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path, parser: ParserProcess) -> None:
    with pytest.raises(FileNotFoundError):
        parser.parse(tmp_path / "gone.pdf", filename="gone.pdf")


def test_a_file_larger_than_allowed_is_refused_unread(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"word " * 250_000)
    small = settings.model_copy(update={"max_upload_mb": 1})
    with pytest.raises(LimitExceededError) as caught:
        parse_file(path, filename="large.txt", settings=small)
    assert caught.value.facts["reason"] == "limit-size"


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_is_read(
    heavy_pdf: Path, note: Path, settings: Settings
) -> None:
    hasty = settings.model_copy(update={"parse_timeout_s": 1, "parse_memory_mb": 4_000})
    with ParserProcess(hasty) as process:
        process.parse(note, filename="note.md")
        started = time.monotonic()
        with pytest.raises(LimitExceededError) as caught:
            process.parse(heavy_pdf, filename="heavy.pdf")
        assert caught.value.facts["reason"] == "limit-time"
        assert time.monotonic() - started < 20
        assert process.parse(note, filename="note.md").title == "Purpose"


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_a_file_that_takes_too_much_memory_is_stopped_and_the_next_one_is_read(
    heavy_pdf: Path, note: Path, settings: Settings
) -> None:
    tight = settings.model_copy(update={"parse_memory_mb": 300})
    with ParserProcess(tight) as process:
        with pytest.raises(LimitExceededError) as caught:
            process.parse(heavy_pdf, filename="heavy.pdf")
        assert caught.value.facts["reason"] == "limit-memory"
        assert process.parse(note, filename="note.md").title == "Purpose"


def test_a_process_killed_while_reading_costs_only_that_file(heavy_pdf: Path, note: Path, settings: Settings) -> None:
    patient = settings.model_copy(update={"parse_memory_mb": 4_000})
    with ParserProcess(patient) as process:
        process.parse(note, filename="note.md")
        first = process.pid
        assert first is not None
        killer = threading.Timer(0.3, os.kill, (first, signal.SIGKILL))
        killer.start()
        with pytest.raises(LimitExceededError):
            process.parse(heavy_pdf, filename="heavy.pdf")
        killer.join()
        assert process.parse(note, filename="note.md").title == "Purpose"
        assert process.pid != first


def test_a_process_that_died_between_two_files_is_replaced(note: Path, settings: Settings) -> None:
    with ParserProcess(settings) as process:
        process.parse(note, filename="note.md")
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        time.sleep(0.2)
        assert process.parse(note, filename="note.md").title == "Purpose"


def test_an_interruption_by_the_listener_does_not_mix_up_answers(
    note: Path, parser: ParserProcess, tmp_path: Path
) -> None:
    class CancelledError(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        parser.parse(note, filename="note.md", on_progress=cancel)
    other = tmp_path / "other.txt"
    other.write_text("Another text", encoding="utf-8")
    assert parser.parse(other, filename="other.txt").pages[0].text == "Another text"


def test_threads_take_turns(tmp_path: Path, parser: ParserProcess) -> None:
    texts: dict[int, str] = {}

    def read(number: int) -> None:
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Text number {number}", encoding="utf-8")
        texts[number] = parser.parse(path, filename=path.name).pages[0].text

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {number: f"Text number {number}" for number in range(8)}


def test_the_child_loads_nothing_that_reading_does_not_need() -> None:
    program = (
        "import sys, kb.ingest.parse.child as c;"
        "from kb.ingest.parse import pdf, markdown, html, docx, plain;"
        "print(*{m.split('.')[0] for m in sys.modules})"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"torch", "streamlit", "openvino", "faiss", "sqlalchemy", "pydantic", "langchain_text_splitters", "numpy"}
    assert not heavy & set(loaded)


def test_every_refusal_is_an_unreadable_document_error_with_a_remedy(tmp_path: Path, parser: ParserProcess) -> None:
    for name, content in {"a.xlsx": b"PK", "b.pdf": b"%PDF-1.4 nothing", "c.docx": b"no", "d.txt": b" \n "}.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnreadableDocumentError) as caught:
            parser.parse(path, filename=name)
        assert caught.value.message.endswith(".")
        assert caught.value.remedy.endswith(".")
