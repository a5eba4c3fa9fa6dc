"""Write what is embedded once under the default model, so that nobody's first start has to: means of probes, themes.

`python tools/shipped_vectors.py`, after any change to `kb/index/probes.toml`, to `kb/library/themes.toml` or to the
default model; tests ask for it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kb.embedding.loading import load_embedder  # noqa: E402  the project is not installed
from kb.index.means import embedded_means  # noqa: E402
from kb.library.theme_vectors import embedded_themes  # noqa: E402
from kb.settings import load_settings  # noqa: E402

SHIPPED = {ROOT / "kb/index/probe_means": embedded_means, ROOT / "kb/library/theme_means": embedded_themes}


def main() -> None:
    """Replace what is there by the vectors of today."""
    embedder = load_embedder(load_settings(model="default"))
    for folder, embedded in SHIPPED.items():
        folder.mkdir(exist_ok=True)
        for file in folder.glob("*.npz"):
            file.unlink()
        vectors = {key: vector.astype(np.float16) for key, vector in embedded(embedder).items()}
        np.savez(folder / f"{embedder.model_id}.npz", allow_pickle=False, **vectors)


if __name__ == "__main__":
    main()
