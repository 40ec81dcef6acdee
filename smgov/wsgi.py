"""The door for a web server: `gunicorn smgov.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smgov.settings")

application = get_wsgi_application()
