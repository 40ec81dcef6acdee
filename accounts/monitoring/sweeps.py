"""What time does to monitoring: each sweep may run twice, and costs what is due."""

from accounts.monitoring.services import actions_due, due_actions

__all__ = ["actions_due", "due_actions"]
