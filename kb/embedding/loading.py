"""The embedder that the settings ask for."""

from __future__ import annotations

from kb.embedding.embedder import Embedder
from kb.embedding.folder import Progress, prepare_model
from kb.embedding.identity import model_id
from kb.settings import Settings


def load_embedder(settings: Settings, progress: Progress = lambda _: None) -> Embedder:
    """The fastest embedder for the model of `settings` whose vectors were found equal to the reference's."""
    folder = prepare_model(settings, progress)
    identity = model_id(folder)
    from kb.embedding.reference import SentenceTransformerEmbedder

    progress("Loading the model")
    return SentenceTransformerEmbedder(folder, model_id=identity, threads=settings.thread_count)
