"""Training: who owes which, what was done, what counts until when."""
