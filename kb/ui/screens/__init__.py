"""The screens, one module each: read the address, ask the library, show the markup."""
