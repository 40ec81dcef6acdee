"""What the history says about the ground floor."""

from core.audit import register_action

register_action("core.notices_seen", "marked their notices as seen")
