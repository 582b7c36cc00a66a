"""When a person set the clock right, and which events were of the wrong one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('circulation', '0005_numbers_in_capitals'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClockCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('last_event_id', models.BigIntegerField()),
            ],
        ),
    ]
