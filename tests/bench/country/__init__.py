"""A country of schools, written by the database itself: `load`.

Every number follows from the school's, the student's or the company's, so nothing is looked up:
`places` has the schools, people and companies, `days` what they do together, `trail` the mails, the
log-ins and the audit trail. A field that no table names gets its model's default.
"""

from __future__ import annotations

from tests.bench.country.loading import Country, broken_keys, load, write

__all__ = ["Country", "broken_keys", "load", "write"]
