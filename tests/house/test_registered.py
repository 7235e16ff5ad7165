"""A process that only starts Django knows every handler: a worker imports no views."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KNOWS = {
    "a loader for every list": (
        "from stage.schools.imports import loaders;"
        "print(sorted({'students', 'teachers', 'companies'} ^ set(loaders.LISTS)))"
    ),
    "who may open a file of every kind": (
        "from stage.core.files import kinds;"
        "print(sorted({'photo', 'evidence', 'paper', 'logo', 'import', 'enclosure', 'facade'}"
        " ^ {kind.name for kind in kinds.all_kinds()}))"
    ),
    "who guides whom": (
        "from stage.core.models.base import TenantQuerySet as rows;"
        "print([role for role in ('coordinator', 'teacher', 'job') if not rows.reach.knows(role)])"
    ),
    "people of every kind": (
        "from stage.core.enums import PersonKind; from stage.core.mail import letters;"
        "print([k for k in PersonKind.values if k not in letters._PERSONS])"
    ),
    "who a mail comes from": (
        "from stage.core.mail import letters; print([] if letters._SENDERS else ['nobody'])"
    ),
}


@pytest.mark.parametrize("what", KNOWS)
def test_a_fresh_process_knows(what):
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {KNOWS[what]}"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "stage.settings.dev"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
