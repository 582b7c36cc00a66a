"""The outbox: a notice is a template and the id of a loan, hold or one-time code, rendered when it is read or sent.

It names no patron: the loan or hold does, and only while it is open. No sent text is kept at all.
"""

from django.db import models

from shufang.patrons.models import Patron


class Notice(models.Model):
    """One message to be sent, once: (`template`, `subject`, `subject_id`, `occasion`) is unique."""

    class State(models.TextChoices):
        """Where it stands; DROPPED: no address, or the loan or hold had ended before it could be sent."""

        WAITING = "waiting"
        SENT = "sent"
        DROPPED = "dropped"
        FAILED = "failed"

    template = models.CharField(max_length=30)
    subject = models.CharField(max_length=8, choices=[("loan", "loan"), ("hold", "hold"), ("code", "code")])
    subject_id = models.BigIntegerField()
    occasion = models.CharField(
        "what makes a second one another, e.g. the due date or the day of overdue", max_length=40
    )
    channel = models.CharField(max_length=20, default="email")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField("class of the last error, without addresses", max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "subject", "subject_id", "occasion", "channel"], name="one_notice_an_occasion"
            )
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="notices_waiting")]

    def __str__(self) -> str:
        return f"{self.template} {self.subject} {self.subject_id}"


class ChannelOff(models.Model):
    """That a reader wants no notices by a channel. They stand in his messages all the same; codes come nevertheless."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="channels_off")
    channel = models.CharField(max_length=20)

    class Meta:
        verbose_name_plural = "channels off"
        constraints = [models.UniqueConstraint(fields=["patron", "channel"], name="one_choice_a_channel")]

    def __str__(self) -> str:
        return self.channel
