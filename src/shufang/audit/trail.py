"""Writing the audit trail: who looked at what, or overrode what, and why."""

from datetime import datetime

from shufang.audit.models import Entry
from shufang.kernel.texts import storable


def record(
    user_id: int | None,
    user_name: str,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    reason: str,
    now: datetime,
) -> None:
    """Add one line, in the caller's transaction; it can never be changed. Texts are cut to what the trail holds."""
    Entry.objects.create(
        at=now,
        user_id=user_id,
        user_name=storable(user_name)[:150],
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        reason=storable(reason)[:255],
    )
