"""What reviews put on a person's to-do list."""
