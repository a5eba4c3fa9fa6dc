"""Kakehashi: a bilingual knowledge base of digital government strategies."""

__version__ = "0.1.0"
