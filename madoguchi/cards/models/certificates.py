"""Whose certificate is which (電子証明書)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from madoguchi.cards.domain.certificates import CertificateState, Purpose


class Certificate(models.Model):
    """One certificate of one person's card, as the town was last told (電子証明書)."""

    id = models.BigAutoField(primary_key=True)
    issuer = models.TextField()
    serial = models.TextField()
    purpose = models.TextField()
    person_id = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    registered_on = models.DateField()
    state = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "cards_certificate"
        indexes: ClassVar = [models.Index(fields=["person_id"], name="cards_certificate_person")]
        constraints: ClassVar = [
            # Issuer and serial together name one certificate, and so one person.
            models.UniqueConstraint(fields=["issuer", "serial"], name="cards_certificate_one"),
            models.CheckConstraint(
                condition=Q(purpose__in=[one.value for one in Purpose]),
                name="cards_certificate_purpose",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in CertificateState]),
                name="cards_certificate_state",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="cards_certificate_days"
            ),
            models.CheckConstraint(
                condition=Q(person_id__regex="^[0-9]{15}$"), name="cards_certificate_person_no"
            ),
            models.CheckConstraint(
                condition=Q(serial__regex="^[1-9][0-9]{0,48}$"), name="cards_certificate_serial"
            ),
        ]
