"""Reviews: reminded in time, signed by the reviewers, ratified, and only then in force."""
