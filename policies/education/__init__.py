"""What pupils are taught each term and parents each year."""
