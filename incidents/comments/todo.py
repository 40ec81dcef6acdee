"""What comments put on a person's to-do list."""
