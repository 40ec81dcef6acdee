"""What the history says about the ground floor."""

from core.audit import register_action

register_action("core.notices_seen", "marked their notices as seen")
register_action("core.mail_tried_again", "had mails tried again that could not be delivered")
register_action("core.feed_made", "made a private address for a calendar")
register_action("core.feed_ended", "ended a private address of a calendar")
