"""Whom we may show: the register of pupils' image consent. Its place in the house; it is built next."""
