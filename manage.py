#!/usr/bin/env python
"""The portal's own commands: `manage.py portal` starts it, `manage.py help` lists the others."""

import os
import sys


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smgov.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here: run `make run` first (or `python smgov/bootstrap.py`).")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
