"""The pages about comments."""
