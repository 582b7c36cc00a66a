"""When each job last ran and what it did."""

from django.db import models


class JobRun(models.Model):
    """One row a job. Counts and a class of error, nothing about persons."""

    name = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField("of the last run")
    finished_at = models.DateTimeField("of the last run that ended well", null=True, blank=True)
    done = models.CharField("what that run did", max_length=255, blank=True)
    error = models.CharField("class of the error of the last run, empty when it went well", max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M}"
