"""The report of whoever monitors the accounts, with mitigations and actions, up the line."""
