"""From files to passages that can be searched: find, read, check, cut, embed, save."""
