"""The country of the bench fits the tables as they are: each field known, no key broken."""

import psycopg
import pytest
from django.db import connection

from tests.bench.country import Country, broken_keys, write

pytestmark = pytest.mark.sweep

# Of 1,998 students at two schools, three cohorts each.
COUNTED = {
    "core_school": 2,
    "schools_student": 1998,
    "placements_placement": 1732,
    "attendance_attendancesettings": 2,
    "core_auditentry": 100,
}


@pytest.fixture
def admin(db):
    """As the cluster's superuser, in one transaction that is undone."""
    known = connection.settings_dict
    with psycopg.connect(host=known["HOST"], user="postgres", dbname=known["NAME"]) as found:
        yield found
        found.rollback()


def test_a_country_is_written_whole_and_a_broken_key_is_seen(admin):
    rows = {t: admin.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in COUNTED}
    write(admin, Country(schools=2, companies=500, entries=50))
    for table, more in COUNTED.items():
        [count] = admin.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert count - rows[table] == more, table
    assert broken_keys(admin) == {}
    admin.execute("DELETE FROM schools_student WHERE school_id = 1002 AND number = 'N00001'")
    broken = broken_keys(admin)
    assert broken
    # Also a key that carries its school: a placement of a student of another one.
    admin.execute("UPDATE placements_placement SET school_id = 1001 WHERE school_id = 1002")
    assert len(broken_keys(admin)) > len(broken)
