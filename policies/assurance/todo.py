"""What assurance put on a person's to-do list."""
