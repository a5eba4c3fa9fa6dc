"""From a sentence-transformers folder to the form the fast path runs, once; kept only if its vectors are the same.

The work needs torch and over a gigabyte of memory, so it is done by a child process (`python -m
kb.embedding.conversion`) and the application itself never loads either.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.embedding.fast import NETWORK, TOKENIZER, FastForm, OpenVinoEmbedder
from kb.embedding.folder import ModelFolder, Progress
from kb.embedding.prompts import read_prompts
from kb.embedding.reference import SentenceTransformerEmbedder
from kb.embedding.runtime import import_openvino, inference_precision, openvino_version
from kb.embedding.sealed import sealed_with, write_sealed
from kb.embedding.selftest import PAIRS, self_test
from kb.settings import PROJECT_DIR, Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_log = logging.getLogger(__name__)

LEAST_COSINE = 0.999
"""Between a vector of the fast path and the reference's of the same text, for every text tried."""

_LAYOUT = 1
"""Raised when the form is made differently, so that an older one is made again."""

_TIME_LIMIT_S = 900


def fast_form(folder: ModelFolder, settings: Settings, *, model_id: str, progress: Progress) -> Path | None:
    """Folder of the converted model, made first where needed; None where this model cannot take the fast path.

    A model that was tried and refused is not tried again until it, OpenVINO or the kind of processor changes.
    """
    home = folder.path if folder.ours else settings.model_cache_dir / model_id
    target = home.resolve() / "openvino"
    facts = {
        "layout": _LAYOUT,
        "model": model_id,
        "openvino": openvino_version(),
        "precision": inference_precision(),
    }
    if not sealed_with(target, facts):
        progress("Converting the model for this processor")
        order = {
            "folder": str(folder.path.resolve()),
            "name": folder.name,
            "ours": folder.ours,
            "target": str(target),
            "facts": facts,
            "threads": settings.thread_count,
            "self_test": settings.model == "default",
        }
        problem = _run_child(order)
        if problem or not sealed_with(target, facts):
            _log.warning("The model could not be converted and runs unconverted, slower: %s", problem)
            return None
    form = FastForm.read(target)
    if form.refused:
        _log.warning("The model runs unconverted, slower: %s", form.refused)
        return None
    return target


def convert(order: dict[str, Any]) -> None:
    """Make the form that `order` asks for (see `fast_form`), refused or not."""
    folder = ModelFolder(Path(order["folder"]), order["name"], ours=order["ours"])
    reference = SentenceTransformerEmbedder(folder, model_id=order["facts"]["model"], threads=order["threads"])

    def fill(fresh: Path) -> None:
        form = _form_of(reference, folder)
        if not form.refused:
            _export(reference.model, fresh)
            form.write(fresh)
            fast = OpenVinoEmbedder(fresh, model_id=reference.model_id, threads=order["threads"])
            cosine = least_cosine(fast, reference)
            form = replace(form, cosine=round(cosine, 6))
            if cosine < LEAST_COSINE:
                form = replace(form, refused=f"its vectors differ from the reference's: cosine {cosine:.5f}")
            elif order["self_test"]:
                self_test(fast)
        form.write(fresh)

    write_sealed(Path(order["target"]), order["facts"], fill)


def least_cosine(one: OpenVinoEmbedder, other: SentenceTransformerEmbedder) -> float:
    """Lowest cosine between the two embedders' vectors of the same texts: short, long, too long, empty, mixed."""
    texts = [text for pair in PAIRS for text in (pair.query, pair.passage)]
    queries = (one.embed_queries(texts) * other.embed_queries(texts)).sum(axis=1)
    texts += ["", "A", " ".join(texts), "。".join(texts * 3)]
    passages = (one.embed_passages(texts) * other.embed_passages(texts)).sum(axis=1)
    return float(min(passages.min(), queries.min()))


def _run_child(order: dict[str, Any]) -> str:
    """Have a child process `convert`; gives the end of what it complained of where it failed, else nothing."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "kb.embedding.conversion", json.dumps(order)],
            cwd=PROJECT_DIR,
            capture_output=True,
            text=True,
            timeout=_TIME_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it took longer than {_TIME_LIMIT_S} s"
    return "" if child.returncode == 0 else child.stderr[-2000:] or f"exit code {child.returncode}"


def _form_of(reference: SentenceTransformerEmbedder, folder: ModelFolder) -> FastForm:
    modules = [type(module).__name__ for module in reference.model]
    if modules not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return FastForm(refused=f"it is made of {', '.join(modules)}")
    pooling = reference.model[1]
    if pooling.pooling_mode not in ("mean", ("mean",), ["mean"]) or not pooling.include_prompt:
        return FastForm(refused=f"it pools by {pooling.pooling_mode}")
    if not hasattr(reference.model.tokenizer, "backend_tokenizer"):
        return FastForm(refused="its tokenizer is not of the fast kind")
    prompts = read_prompts(folder.path, folder.name)
    return FastForm(
        dimension=reference.dimension,
        max_tokens=reference.max_tokens,
        padding_id=int(reference.model.tokenizer.pad_token_id or 0),
        query_prompt=prompts.query,
        passage_prompt=prompts.passage,
    )


def _export(model: SentenceTransformer, target: Path) -> None:
    """Write network and tokenizer. Weights are kept as float16: half the file, and mapped into memory as they are."""
    openvino = import_openvino()
    import torch

    class LastHiddenState(torch.nn.Module):
        def __init__(self, transformer: Any) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    example = torch.ones((2, 16), dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of every branch it takes for granted; the result is verified
        network = openvino.convert_model(
            LastHiddenState(model[0].auto_model.eval()),
            example_input={"input_ids": example, "attention_mask": example},
            input=[("input_ids", [-1, -1], openvino.Type.i64), ("attention_mask", [-1, -1], openvino.Type.i64)],
        )
    openvino.save_model(network, str(target / NETWORK), compress_to_fp16=True)
    model.tokenizer.backend_tokenizer.save(str(target / TOKENIZER))


if __name__ == "__main__":
    convert(json.loads(sys.argv[1]))
