"""The log of inappropriate comments and abuse."""
