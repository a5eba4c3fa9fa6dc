"""What reading files gave, for the terminal and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from kb.cli.terminal import out
from kb.i18n import Texts
from kb.ingest.parse.assembly import listed
from kb.model.receipts import Notice, Receipt


def report(receipts: Sequence[Receipt], *, as_json: bool) -> None:
    """Print counts, failures and what should be known of files that were read all the same."""
    counts = Counter(receipt.outcome for receipt in receipts)
    failures = [receipt for receipt in receipts if receipt.outcome == "failed"]
    noted = [(receipt, notice) for receipt in receipts for notice in notices_of(receipt)]
    if as_json:
        summary = {
            "counts": dict(counts),
            "failures": [{"path": r.path, "problem": r.problem, "message": r.message} for r in failures],
            "notices": [{"path": r.path, "notice": notice.code, **notice.facts} for r, notice in noted],
            "files": [
                {"path": r.path, "outcome": r.outcome, "version_id": r.version_id, "passages": r.passages}
                for r in receipts
            ],
        }
        print(json.dumps(summary, ensure_ascii=False))
        return
    out.print(", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())) or "Nothing to do")
    for receipt in failures:
        out.print(Text(f"  {receipt.path}: {receipt.message}"), soft_wrap=True)
    t = Texts("en")
    for receipt, notice in noted:
        if receipt.outcome != "unchanged":  # said when it was read
            out.print(Text(f"  {receipt.path}: {t(f'notice.{notice.code}', **notice.facts)}"), soft_wrap=True)


def notices_of(receipt: Receipt) -> Sequence[Notice]:
    """What should be known of a file: what was noticed in it, and its pages without text or read by OCR."""
    pages = (("pages-without-text", receipt.pages_without_text), ("pages-by-ocr", receipt.ocr_pages))
    return [*receipt.notices, *(Notice(code, listed(numbers)) for code, numbers in pages if numbers)]
