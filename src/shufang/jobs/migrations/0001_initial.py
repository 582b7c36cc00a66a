"""When each job last ran."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("started_at", models.DateTimeField(verbose_name="of the last run")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="of the last run that ended well"),
                ),
                ("done", models.CharField(blank=True, max_length=255, verbose_name="what that run did")),
                (
                    "error",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        verbose_name="class of the error of the last run, empty when it went well",
                    ),
                ),
            ],
        ),
    ]
