"""What monitoring put on a person's to-do list."""
