"""Why a scan failed is one of a list; the database keeps the same column."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="failedscan",
            name="reason",
            field=models.CharField(
                choices=[
                    ("unknown_code", "Onbekende code"),
                    ("no_placement", "Geen stage in deze tijd"),
                ],
                max_length=40,
            ),
        ),
    ]
