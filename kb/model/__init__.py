"""The nouns of the library, one module each; frozen values without behaviour that reaches outside themselves."""
