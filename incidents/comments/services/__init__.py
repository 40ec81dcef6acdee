"""Every write about comments. A comment as it arrived is never changed, and its steps are only added to."""
