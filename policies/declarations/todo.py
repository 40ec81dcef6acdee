"""What declarations put on a person's to-do list."""
