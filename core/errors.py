"""The one exception with which a service says no to a person."""


class Refused(Exception):
    """A rule says no. The message is plain English, for the page, and says what to do.

    `field` names the form field beside which it belongs, when there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Stale(Refused):
    """What the person saw has changed since: they must look again before they decide."""
