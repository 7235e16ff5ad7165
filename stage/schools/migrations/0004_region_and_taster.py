from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_operator'),
        ('schools', '0003_guardians_at_home'),
    ]

    operations = [
        migrations.AddField(
            model_name='regionsettings',
            name='shown_name',
            field=models.CharField(blank=True, max_length=120, verbose_name='naam zoals getoond'),
        ),
        migrations.AddField(
            model_name='regionsettings',
            name='logo',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.storedfile'),
        ),
        migrations.AddField(
            model_name='regionsettings',
            name='colour',
            field=models.CharField(blank=True, max_length=7, verbose_name='kleur'),
        ),
        migrations.AlterField(
            model_name='period',
            name='kind',
            field=models.CharField(choices=[('block', 'Blokstage: hele weken'), ('weekdays', 'Lintstage: vaste dagen in de week'), ('taster', 'Snuffelstage: komen kijken, zonder overeenkomst')], max_length=10, verbose_name='soort stage'),
        ),
    ]
