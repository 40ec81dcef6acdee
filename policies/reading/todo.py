"""What reading put on a person's to-do list."""
