"""Concerns: how they come in, who may know of them, how they are handled, and how they end."""
