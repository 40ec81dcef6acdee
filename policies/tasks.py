"""Celery wakes the sweeps of this room, nothing else."""
