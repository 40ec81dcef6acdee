"""What documents put on a person's to-do list."""
