"""Whom we may show: pupils and their contacts, purposes, the ledger of consent, links, rounds and checks."""
