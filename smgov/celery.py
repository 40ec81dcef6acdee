"""The Celery app: background sweeps, with Redis or on folders below `SMGOV_VAR` (design 7).

Tasks only wake the sweeps; what is due is in rows. A lost message therefore costs one interval.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smgov.settings")

app = Celery("smgov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
