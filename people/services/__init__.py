"""Every write that matters about people."""
