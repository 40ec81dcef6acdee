"""People who sign in, by e-mail."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager):
    """Makes people; an address is kept in lower case, so that it is one address."""

    def create_user(self, email: str, full_name: str, password: str | None = None, **extra) -> "User":
        """A person; without a password they cannot sign in until they accept an invitation."""
        user = self.model(email=email.strip().lower(), full_name=" ".join(full_name.split()), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, full_name: str, password: str | None = None) -> "User":
        """Whoever runs the server: reference data only, no concern and no approval."""
        return self.create_user(email, full_name, password, is_superuser=True)

    def get_by_natural_key(self, email: str) -> "User":
        """By e-mail, whatever its capitals."""
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do comes from their memberships, never from here."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("email address", max_length=254, unique=True)
    full_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True, blank=True, help_text="when the invitation was accepted")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["full_name", "pk"]
        indexes = [models.Index(fields=["full_name", "id"], name="user_by_name")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_any_case"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """The name as signed."""
        return self.full_name

    @property
    def is_staff(self) -> bool:
        """Django's flag for its admin; here the rules decide (core.admin_site)."""
        return self.is_superuser
