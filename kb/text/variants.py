"""Japanese words that are written in several ways: long vowels, middle dots, old kanji, okurigana, katakana.

Bigrams already find サーバ in サーバー and the reverse; what is needed here is what differs inside a word or where
it meets the next one. A long vowel is only left out, never put in: ユーザ認証 as ユーザー認証 adds nothing but ー認,
which stands after any word, and in データ標準 would be a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OLD_KANJI = """
    亞亜 惡悪 壓圧 圍囲 醫医 爲為 壹壱 隱隠 榮栄 營営 衞衛 驛駅 圓円 應応 櫻桜 奧奥 橫横 溫温 價価 畫画 會会 囘回
    懷懐 壞壊 擴拡 覺覚 學学 樂楽 勸勧 觀観 關関 歸帰 氣気 龜亀 僞偽 戲戯 舊旧 據拠 擧挙 峽峡 狹狭 曉暁 區区 驅駆
    勳勲 徑径 惠恵 經経 繼継 輕軽 鷄鶏 縣県 儉倹 劍剣 險険 圈圏 檢検 權権 獻献 驗験 顯顕 嚴厳 廣広 恆恒 鑛鉱 號号
    國国 濟済 齋斎 劑剤 雜雑 參参 慘惨 產産 殘残 絲糸 齒歯 辭辞 濕湿 實実 寫写 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦
    肅粛 處処 敍叙 將将 稱称 燒焼 證証 乘乗 淨浄 剩剰 狀状 條条 疊畳 觸触 寢寝 眞真 盡尽 圖図 粹粋 醉酔 隨随 數数
    聲声 靜静 齊斉 竊窃 攝摂 專専 戰戦 淺浅 踐践 錢銭 潛潜 纖繊 禪禅 雙双 爭争 莊荘 裝装 總総 騷騒 臟臓 藏蔵 屬属
    續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 擔担 單単 膽胆 團団 彈弾 斷断 遲遅 晝昼 蟲虫 鑄鋳 廳庁 聽聴
    鎭鎮 遞逓 鐵鉄 轉転 點点 傳伝 燈灯 當当 黨党 獨独 讀読 屆届 貳弐 惱悩 腦脳 霸覇 廢廃 拜拝 賣売 發発 髮髪 拔抜
    蠻蛮 祕秘 濱浜 拂払 佛仏 竝並 變変 邊辺 寶宝 豐豊 襃褒 沒没 每毎 萬万 滿満 默黙 譯訳 藥薬 與与 餘余 譽誉 搖揺
    樣様 謠謡 來来 賴頼 亂乱 覽覧 龍竜 兩両 獵猟 綠緑 壘塁 禮礼 勵励 戾戻 靈霊 齡齢 歷歴 戀恋 爐炉 勞労 樓楼 祿禄
    灣湾
"""
"""Old and new form of characters that stand one for one; 弁 (辨, 瓣, 辯) and 芸 (藝, 芸) do not."""

_WRITINGS = """
    取組 取り組み 取組み
    手続 手続き
    申込 申し込み 申込み
    問合せ 問い合わせ 問合わせ
    受付 受け付け
    届出 届け出
    打合せ 打ち合わせ
    引継ぎ 引き継ぎ
    引越し 引っ越し
    取扱い 取り扱い 取扱
    支払 支払い
    組合せ 組み合わせ
    切替え 切り替え 切替
    割当て 割り当て 割当
    見積り 見積もり 見積
    売上げ 売り上げ 売上
    読取り 読み取り
    仕組み 仕組
    子供 子ども こども
    障害者 障がい者
    インターフェース インタフェース インターフェイス
    アーキテクチャ アーキテクチュア
    デジタル ディジタル
    ウェブ ウエブ
    ソフトウェア ソフトウエア
    ハードウェア ハードウエア
    プラットフォーム プラットホーム
    レポート リポート
"""
"""Each line one word."""

_KATAKANA = r"\u30a1-\u30fa\u30fc"
_DOTTED = re.compile(rf"(?<=[{_KATAKANA}])[・=‐‑–-](?=[{_KATAKANA}])")
_LONG = re.compile(rf"(?<=[{_KATAKANA}]{{2}})ー(?=[\u3400-\u9fff])")
_V = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"))

_TO_NEW = str.maketrans({pair[0]: pair[1] for pair in _OLD_KANJI.split()})
_TO_OLD = str.maketrans({pair[1]: pair[0] for pair in _OLD_KANJI.split()})
_WRITTEN = [tuple(line.split()) for line in _WRITINGS.strip().splitlines()]


def writings(text: str) -> Iterator[str]:
    """Other ways to write normalised `text`, as a whole or, for a word of the list above, that word alone."""
    changed = {
        _DOTTED.sub("", text),
        _LONG.sub("", text),
        text.translate(_TO_NEW),
        text.translate(_TO_OLD),
        _without_v(text),
    }
    yield from sorted(changed - {text})
    for group in _WRITTEN:
        if any(writing in text for writing in group):
            yield from (writing for writing in group if writing not in text)


def _without_v(text: str) -> str:
    for v, b in _V:
        text = text.replace(v, b)
    return text
