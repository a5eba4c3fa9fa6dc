"""Write the means of the probes under the default model, so that nobody's first start has to embed them.

`python tools/probe_means.py`, after any change to `kb/index/probes.toml` or to the default model; a test asks for it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kb.embedding.loading import load_embedder  # noqa: E402  the project is not installed
from kb.index.means import embedded_means  # noqa: E402
from kb.settings import load_settings  # noqa: E402

FOLDER = ROOT / "kb" / "index" / "probe_means"


def main() -> None:
    """Replace what is there by the means of today."""
    embedder = load_embedder(load_settings(model="default"))
    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.glob("*.npz"):
        file.unlink()
    means = {key: mean.astype(np.float16) for key, mean in embedded_means(embedder).items()}
    np.savez(FOLDER / f"{embedder.model_id}.npz", allow_pickle=False, **means)


if __name__ == "__main__":
    main()
