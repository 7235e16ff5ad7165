from django.db import migrations, models

import stage.core.models.base
from stage.core.models.base import new_public_id


def give_codes(apps, schema_editor):
    """A code for each region that is there: its page has an address."""
    Region = apps.get_model("core", "Region")
    for region in Region.objects.filter(public_id="").order_by("pk"):
        region.public_id = new_public_id()
        region.save(update_fields=["public_id"])


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_cache_table'),
    ]

    operations = [
        migrations.AddField(
            model_name='region',
            name='public_id',
            field=models.CharField(default='', editable=False, max_length=20),
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='region',
            name='public_id',
            field=models.CharField(default=stage.core.models.base.new_public_id, editable=False, max_length=20, unique=True),
        ),
        migrations.AddField(
            model_name='school',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
