"""What a person had typed when their session ended: kept, encrypted, for one use by them alone."""

import uuid

from django.conf import settings
from django.db import models


class KeptPost(models.Model):
    """A posted form that met an ended session (design, section 9). Never sent by itself."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"kept for {self.user_id}"
