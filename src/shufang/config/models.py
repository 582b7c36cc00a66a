"""What the database knows of the keys that lie outside of it: enough to tell that others are in use, and nothing to guess from."""

from django.db import models


class KeyCheck(models.Model):
    """One row: the check value of the keys of PINs and identities (`keys.check_of`), recorded with the first migration."""

    value = models.CharField("keyed hash of a fixed text, hex", max_length=64)

    def __str__(self) -> str:
        return self.value[:8]
