"""Bytes to clean text: one module per format, and `runner`, which keeps a bad file from harming anything else.

Import from the modules: this package's front is empty so that the child process loads only what one format needs.
"""
