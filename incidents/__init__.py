"""What comes in: concerns, the abuse log and comments. Its place in the house; it is built later."""
