"""Read and understood: bound to one version of one document."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.append_only import append_only
from people.models import School
from policies.models.document import Version


@append_only
class Acknowledgement(models.Model):
    """A person says that they have read and understood a version. It stays when they leave (subtle 46)."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    statement = models.TextField("the words that were agreed to")
    sha256 = models.CharField(max_length=64, help_text="of the version as it was shown")

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], name="acknowledged_once"),
        ]
        indexes = [models.Index(fields=["user", "version"], name="acknowledged_by")]

    def __str__(self) -> str:
        return f"acknowledgement {self.pk}"
