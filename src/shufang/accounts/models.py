"""Staff accounts only. Patrons and devices are not users."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Organisation(models.Model):
    """A library, an operator (the company that runs studies) or the district; roles follow organisations."""

    class Kind(models.TextChoices):
        """What an organisation is."""

        LIBRARY = "library"
        OPERATOR = "operator"
        DISTRICT = "district"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A member of staff: one organisation, one role."""

    class Role(models.TextChoices):
        """What a member of staff may do; operator staff see masked names and no titles of loans."""

        LIBRARIAN = "librarian"
        OPERATOR = "operator"
        DISTRICT = "district"

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="users")
    role = models.CharField(max_length=10, choices=Role, blank=True)
    language = models.CharField(max_length=7, choices=[("zh-hans", "简体中文"), ("en", "English")], default="zh-hans")
