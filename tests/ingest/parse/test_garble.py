from __future__ import annotations

import pytest

from kb.ingest.parse.garble import is_garbled

ENGLISH = "People expect public services to be as simple to use as the best services they know. " * 4
JAPANESE = "行政手続のオンライン化に当たっては、利用者の利便性の向上を図ることが重要である。" * 4
WELSH = (
    "Mae gan bawb yr hawl i gael gwasanaethau cyhoeddus yn y Gymraeg, ac mae hynny'n cynnwys gwasanaethau digidol. " * 4
)
CHINESE = "数字政府建设是国家治理体系和治理能力现代化的重要内容，应当坚持以人民为中心的发展思想。" * 4
RUSSIAN = "Государственные услуги должны быть доступны каждому гражданину в любое время. " * 4
PALETTE = "\r\n".join(f"R{n} G{n + 3} B{n + 7}" for n in range(60))
TABLE = "CPU RAM SSD HTTP DNS TLS " * 8
ADDRESSES = "東京都千代田区霞が関1-1-1 大阪府大阪市北区中之島 " * 6


@pytest.mark.parametrize(
    "text", [ENGLISH, JAPANESE, WELSH, CHINESE, RUSSIAN, PALETTE, TABLE[:60], ADDRESSES, "", "12 34"]
)
def test_real_text_is_not_taken_for_noise(text: str) -> None:
    assert not is_garbled(text)


def shifted(text: str, by: int) -> str:
    return "".join(chr(max(ord(character) + by, 1)) for character in text)


@pytest.mark.parametrize(
    "text",
    [
        shifted(ENGLISH, -29),
        "".join(shifted(word, -29) if word != " " else word for word in ENGLISH),
        ENGLISH.replace("e", "\ue000").replace("t", "\ue001"),
        "\ufffd" * 300,
        "\x03\x04\x05 " * 100,
        "鎮遍漏邁蛹謐繝繧縺" * 20,
    ],
)
def test_noise_is_recognised(text: str) -> None:
    assert is_garbled(text)
