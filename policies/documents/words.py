"""What the log and the notices say about documents."""
