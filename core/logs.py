"""What is written to the log of the server holds no secret part of an address."""

import logging
import re

SECRET = re.compile(r"(?<=/)[A-Za-z0-9_:-]{40,}(?=[/?\s]|$)")
"""A part of a path that is as long as the secret of a link; the id of a row has 36 letters."""


class NoSecrets(logging.Filter):
    """Put three dots in the place of the secret in an address, such as of a form that was refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; none is left out."""
        text = record.getMessage()
        plain = SECRET.sub("...", text)
        if plain != text:
            record.msg, record.args = plain, ()
        return True
