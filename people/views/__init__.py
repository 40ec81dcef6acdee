"""The pages about people: thin, over the services."""
