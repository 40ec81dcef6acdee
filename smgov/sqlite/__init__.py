"""SQLite as the portal uses it: writers wait in a queue."""
