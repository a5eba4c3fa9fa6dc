"""A reader's evidence: what is collected, what has become of it, and documents made of it."""
