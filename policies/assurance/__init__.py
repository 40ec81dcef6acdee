"""What those who answer for a school confirm and read: the DSL's remit, and the report of each term."""
