"""What can be said about a run of characters without knowing where it came from."""
