"""What time does to declarations: each sweep may run twice, and costs what is due."""

from policies.declarations.keeping import declarations_shut
from policies.declarations.name_use import reminders_send
from policies.declarations.onward import lead_on
from policies.declarations.relationships import birthdays_close

__all__ = ["birthdays_close", "declarations_shut", "lead_on", "reminders_send"]
