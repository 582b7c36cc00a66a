"""How long notices are kept (PRIVACY.md 8): the job that erases them, the messages and the privacy page go by it."""

from datetime import timedelta

TOLD = timedelta(days=7)
"""A notice that was sent or dropped, after which its message is shown nowhere."""
FAILED = timedelta(days=30)
STALE = timedelta(days=7)
"""A notice that could not be sent for so long is dropped: it would tell yesterday's news."""
CODES = timedelta(hours=1)
"""A one-time code and its notice."""
