"""Care for a library as a whole: what it holds, whether it is sound, how to make its index again."""
