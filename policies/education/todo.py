"""What education put on a person's to-do list."""
