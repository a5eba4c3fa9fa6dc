"""Official sources: the catalogue of publications that belong into the library, and how they are fetched."""
