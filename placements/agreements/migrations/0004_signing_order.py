from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0003_refusals'),
    ]

    operations = [
        migrations.AddField(
            model_name='agreementsettings',
            name='signing_order',
            field=models.CharField(choices=[('together', 'Iedereen tegelijk'), ('in_turn', 'Eerst leerling en ouder, dan het bedrijf, dan de school')], default='together', max_length=10, verbose_name='in welke volgorde'),
        ),
    ]
