"""From text to vectors: the default model, any other sentence-transformers model, and the fast way to run them."""
