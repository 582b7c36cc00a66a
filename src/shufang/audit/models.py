"""The audit trail: append-only, without foreign keys, so that nothing of it vanishes with what it tells of."""

from django.db import models


class Entry(models.Model):
    """One look at, or override of, something: `subject_kind` ("patron") and `subject_id`. A trigger forbids change."""

    at = models.DateTimeField(db_index=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.action} {self.subject_kind} {self.subject_id}"
