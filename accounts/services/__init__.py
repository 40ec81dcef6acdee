"""Every write that matters about social media accounts."""
