"""From a query to ranked passages of both languages."""
