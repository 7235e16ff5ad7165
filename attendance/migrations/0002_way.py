from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('attendance', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='attendancesettings',
            name='way',
            field=models.CharField(choices=[('qr', 'Leerling scant een QR-code'), ('supervisor', 'Praktijkopleider vinkt af'), ('student', 'Leerling meldt zich zelf')], default='qr', max_length=10, verbose_name='hoe leerlingen worden aangemeld'),
        ),
        migrations.AlterField(
            model_name='failedscan',
            name='reason',
            field=models.CharField(choices=[('unknown_code', 'Onbekende code'), ('no_placement', 'Geen stage in deze tijd'), ('by_company', 'Het bedrijf houdt bij wie er is')], max_length=40),
        ),
    ]
