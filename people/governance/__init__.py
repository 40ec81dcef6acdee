"""How each school governs its social media: the settings, the five presets, and a school's profile.

Five real policies disagree on who approves an account and in which order, how long consent lasts, who
hears a concern about the headteacher. So each rule is a setting. `catalogue` lists the settings, `values` the
kinds of answer, `presets` the five policies, and `profile` lays what trust and school changed over a preset.
"""
