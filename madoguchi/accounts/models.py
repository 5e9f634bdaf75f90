"""Tables of staff and their roles (職員)."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from madoguchi.kernel.actor import Right


class Staff(AbstractBaseUser):
    """A member of staff who signs in (職員)."""

    staff_id = models.CharField(max_length=40, unique=True)
    display_name = models.CharField(max_length=60)
    email = models.EmailField(blank=True, default="")
    role = models.CharField(max_length=20)
    is_active = models.BooleanField(default=True)

    objects: BaseUserManager["Staff"] = BaseUserManager()

    USERNAME_FIELD = "staff_id"
    EMAIL_FIELD = "email"

    class Meta:
        db_table = "accounts_staff"

    @property
    def rights(self) -> frozenset[Right]:
        """Return what this person may do now."""
        return frozenset()
