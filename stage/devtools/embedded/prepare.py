"""What must be done before the product can start, in two processes, one per database role.

`python -m stage.devtools.embedded.prepare owner` makes tables and static files; `... demo` fills
an empty database and prints the log-ins. One process does several commands because starting Django
costs more than most of them.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import OutputWrapper


def owner() -> None:
    """Tables first, then what the web server serves. The cache table goes before `migrate`, whose
    last signal hands out the rights on everything that is there."""
    call_command("createcachetable", verbosity=0)
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()


def demo() -> None:
    """Demo data when the database is empty; progress on stderr, log-ins on stdout.

    First whether the walls stand, as the product itself sees them: nothing starts behind others.
    """
    call_command("walls", check=True, verbosity=0, stdout=OutputWrapper(sys.stderr))
    commands = get_commands()
    if "demo" in commands:
        call_command("demo", if_empty=True, stdout=OutputWrapper(sys.stderr))
    if "logins" in commands:
        call_command("logins")


def collect_static() -> None:
    """Run collectstatic when a static file changed since the last time."""
    mark = Path(settings.STATIC_ROOT) / ".collected"
    wanted = static_fingerprint()
    if mark.exists() and mark.read_text() == wanted:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(wanted)


def static_fingerprint() -> str:
    """A digest of the name, size and time of every static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    django.setup()
    {"owner": owner, "demo": demo}[sys.argv[1]]()
