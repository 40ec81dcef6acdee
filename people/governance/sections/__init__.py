"""The catalogue's settings, one module a heading. Read them through `people.governance.catalogue`."""
