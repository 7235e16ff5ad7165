"""The sealer's queue, and the indexes by which what grows with the country is found.

The trigger comes here and not only with the walls at the end of `migrate`: from the moment that the
queue is there, no entry may pass it by.
"""

import django.db.models.functions.text
from django.db import migrations, models

TRIGGER = """
GRANT CREATE ON SCHEMA public TO stage_system;
SET LOCAL ROLE stage_system;
CREATE OR REPLACE FUNCTION public.wait_for_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN INSERT INTO core_auditwaiting (entry_id, at) SELECT id, at FROM written; RETURN NULL; END $$;
REVOKE ALL ON FUNCTION public.wait_for_seal() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.wait_for_seal() TO stage_owner;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM stage_system;
GRANT SELECT, INSERT, DELETE ON public.core_auditwaiting TO stage_system;
CREATE TRIGGER wait_for_seal AFTER INSERT ON public.core_auditentry REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION wait_for_seal();
"""
BACK = """
DROP TRIGGER wait_for_seal ON public.core_auditentry;
SET LOCAL ROLE stage_system;
DROP FUNCTION public.wait_for_seal();
RESET ROLE;
"""

class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_held_mails'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditWaiting',
            fields=[
                ('entry_id', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'entry_id'],
            },
        ),
        migrations.RemoveIndex(
            model_name='outboxmail',
            name='outbox_waiting',
        ),
        migrations.AddIndex(
            model_name='device',
            index=models.Index(django.db.models.functions.text.Upper('email'), name='device_email'),
        ),
        migrations.AddIndex(
            model_name='device',
            index=models.Index(fields=['person_kind', 'person_id'], name='device_person'),
        ),
        migrations.AddIndex(
            model_name='device',
            index=models.Index(fields=['expires_at'], name='device_expires'),
        ),
        migrations.AddIndex(
            model_name='link',
            index=models.Index(fields=['expires_at'], name='link_expires'),
        ),
        migrations.AddIndex(
            model_name='mailedcode',
            index=models.Index(fields=['person_kind', 'person_id'], name='mailed_code_person'),
        ),
        migrations.AddIndex(
            model_name='mailedcode',
            index=models.Index(fields=['expires_at'], name='mailed_code_expires'),
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['-urgent', 'not_before'], name='outbox_next'),
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(condition=models.Q(('state__in', ['claimed', 'handover', 'uncertain'])), fields=['state', 'changed_at'], name='outbox_open'),
        ),
        migrations.AddIndex(
            model_name='auditwaiting',
            index=models.Index(fields=['at', 'entry_id'], name='audit_waiting_order'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['state', 'claimed_at'], name='job_waiting'),
        ),
        migrations.RunSQL(TRIGGER, BACK),
    ]
