"""The top floor: settings, addresses, background work and the home page."""

from smgov.celery import app as celery_app

__all__ = ("celery_app",)
