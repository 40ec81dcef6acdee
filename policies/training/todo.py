"""What training put on a person's to-do list."""
