"""Entries that were not sealed when the queue came.

A migration of its own: it reads the whole trail, and nobody who writes waits for it meanwhile.
"""

from django.db import migrations

FILL = """
INSERT INTO core_auditwaiting (entry_id, at)
SELECT e.id, e.at FROM core_auditentry e
WHERE NOT EXISTS (SELECT FROM core_auditseal s WHERE s.entry_id = e.id)
ON CONFLICT DO NOTHING
"""


def fill(apps, schema_editor):
    """As who sees the whole trail; in a new database there is none, nor anybody who may."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('stage_system', 'core_auditentry', 'SELECT')")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL ROLE stage_system")
            cursor.execute(FILL)
            cursor.execute("RESET ROLE")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_waiting_for_a_seal'),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
