"""Measuring the library's search against judged topics, and its cost against a yardstick."""
