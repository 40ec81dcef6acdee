"""Input of the pages about concerns."""
