"""Documents: what a school or trust has agreed, in versions, with what they cite and whom they were told to."""
