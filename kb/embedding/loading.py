"""The embedder that the settings ask for."""

from __future__ import annotations

from kb.embedding.conversion import fast_form
from kb.embedding.embedder import Embedder
from kb.embedding.fast import OpenVinoEmbedder
from kb.embedding.folder import Progress, prepare_model
from kb.embedding.hub import stay_offline
from kb.embedding.identity import model_id
from kb.embedding.reference import SentenceTransformerEmbedder
from kb.embedding.runtime import openvino_version
from kb.embedding.selftest import self_test
from kb.settings import Settings


def load_embedder(settings: Settings, progress: Progress = lambda _: None) -> Embedder:
    """The fastest embedder for the model of `settings` whose vectors were found equal to the reference's.

    About a second when the model was prepared before; the first time about half a minute. Raises `SettingsError` where
    the settings name no model and `ModelError` where the model is damaged or not what it says.
    """
    folder = prepare_model(settings, progress)
    stay_offline()
    identity = model_id(folder)
    if settings.fast_path and openvino_version() is not None:
        form = fast_form(folder, settings, model_id=identity, progress=progress)
        if form is not None:
            progress("Loading the model")
            return OpenVinoEmbedder(form, model_id=identity, threads=settings.thread_count)
    progress("Loading the model")
    reference = SentenceTransformerEmbedder(folder, model_id=identity, threads=settings.thread_count)
    if settings.model == "default":
        self_test(reference)
    return reference
