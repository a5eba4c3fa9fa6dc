"""The truth: one SQL database and one folder of files. Everything else can be made again from it."""

from kb.store.store import Store

__all__ = ["Store"]
