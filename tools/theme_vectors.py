"""Write the vectors of the themes under the default model, so that nobody's first start has to embed them.

`python tools/theme_vectors.py`, after any change to `kb/library/themes.toml` or the default model; a test asks for it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kb.embedding.loading import load_embedder  # noqa: E402  the project is not installed
from kb.library.theme_vectors import embedded_themes  # noqa: E402
from kb.settings import load_settings  # noqa: E402

FOLDER = ROOT / "kb" / "library" / "theme_means"


def main() -> None:
    """Replace what is there by the vectors of today."""
    embedder = load_embedder(load_settings(model="default"))
    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.glob("*.npz"):
        file.unlink()
    vectors = {key: vector.astype(np.float16) for key, vector in embedded_themes(embedder).items()}
    np.savez(FOLDER / f"{embedder.model_id}.npz", allow_pickle=False, **vectors)


if __name__ == "__main__":
    main()
