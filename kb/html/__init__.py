"""The markup that screens and server-rendered pages share: pure functions from the nouns of the library to HTML."""
