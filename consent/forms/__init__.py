"""Input of the pages about consent. Nothing else that a browser sends has a place here."""
