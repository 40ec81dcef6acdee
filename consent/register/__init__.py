"""Reading the register: which pupils a list shows, what their rows say, and one pupil's whole record."""
