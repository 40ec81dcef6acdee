"""Comments that arrived on an account: answered in time, or not, and what came of them."""
