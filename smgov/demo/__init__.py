"""The demo: an invented trust and four invented schools, loaded through the services.

Nobody in it exists. `people` and `schools` say who and where, `plans/` and `books` what is asked for and
what the register holds, `story` plays it all in order on a clock of its own.
"""
