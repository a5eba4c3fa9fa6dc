"""What the screens are made of in the browser."""
