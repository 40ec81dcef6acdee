"""Reading a file of pupils, recognising its columns, and comparing it with the register: pure functions."""
