"""A small library of both countries for the screens."""

from __future__ import annotations

import pytest

from kb.model.works import Metadata
from tests.ui.standin import StandIn, make_library

CLOUD_EN = Metadata(
    title="Government Cloud First policy",
    language="en",
    publisher="Government Digital Service",
    country="uk",
    document_type="guidance",
    published="2013-05-05",
    source_url="https://www.gov.uk/guidance/government-cloud-first-policy",
)
CLOUD_JA = Metadata(
    title="政府情報システムにおけるクラウドサービスの適切な利用に係る基本方針",
    language="ja",
    publisher="デジタル庁",
    country="jp",
    document_type="strategy",
    published="2022-12-28",
)
SHARED = Metadata(title="Cloud briefing", language="en", publisher="Editors", country="both", document_type="briefing")
HOSTILE = Metadata(title="<script>alert(1)</script> & title", language="en", publisher="<b>x</b>", country="uk")

GLOSSARY = """[[term]]
id = "cloud-first"
en = "Cloud First"
ja = "クラウドファースト"
definition_en = "Public cloud is considered before anything else."
[[term]]
id = "identity-proofing"
en = "Identity proofing"
ja = "身元確認"
"""


@pytest.fixture
def library(tmp_path) -> StandIn:
    _playbook(tmp_path)
    made = make_library(tmp_path)
    made.add(
        CLOUD_EN, ["# Applying the policy\nConsider public cloud first.", "Second page about cloud cost."], id="uk1"
    )
    made.add(CLOUD_JA, ["# 基本方針\nクラウドサービスの利用を第一候補として検討します。cloud"], id="jp1")
    made.add(SHARED, ["Both countries prefer cloud."], id="both1", media_type="text/markdown", paged=False)
    made.add(HOSTILE, ["<img src=x onerror=alert(1)> cloud"], id="bad1", media_type="text/html", paged=False)
    (tmp_path / "corpus" / "glossary.toml").write_text(GLOSSARY, encoding="utf-8")
    yield made
    made.close()


def _playbook(folder) -> None:
    english = "---\ntitle: Cloud first\nsummary: Where services run.\ntheme: Technology\norder: 1\n---\n"
    english += "Lead.\n\n## In the UK {#uk}\n\nText <script>alert(1)</script>.[^1]\n\n[^1]: A note.\n"
    japanese = "---\ntitle: クラウドファースト\ntheme: 技術\norder: 1\n---\n導入\n\n## 英国の取組 {#uk}\n\n本文\n"
    for language, text in (("en", english), ("ja", japanese)):
        place = folder / "corpus" / "playbook" / language
        place.mkdir(parents=True)
        (place / "cloud-first.md").write_text(text, encoding="utf-8")
    (folder / "corpus" / "playbook" / "en" / "only-english.md").write_text("# Plain\n\ntext\n", encoding="utf-8")
