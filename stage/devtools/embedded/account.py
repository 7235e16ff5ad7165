"""Under which account PostgreSQL runs, which refuses to be root.

* `plain`: we are an ordinary user; nothing to do.
* `namespace`: we are root; inside a user namespace the server is an ordinary user, outside its
  files stay ours.
* `nobody`: we are root where user namespaces are not allowed (most containers); the account
  `nobody` then owns the data and every folder above it must be open to it.
"""

import grp
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from stage.devtools.embedded.errors import EngineError

MODES = ("plain", "namespace", "nobody")
UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


def choose_mode() -> str:
    """The mode that works here; `STAGE_EMBEDDED_MODE` overrules."""
    wanted = os.environ.get("STAGE_EMBEDDED_MODE", "")
    if wanted:
        if wanted not in MODES:
            raise EngineError(f"STAGE_EMBEDDED_MODE is {wanted!r}; it can be {', '.join(MODES)}.")
        return wanted
    if os.geteuid() != 0:
        return "plain"
    if shutil.which("unshare"):
        tried = subprocess.run([*UNSHARE, "true"], capture_output=True, check=False)  # noqa: S603
        if tried.returncode == 0:
            return "namespace"
    return "nobody"


def command(mode: str, *parts: str | Path) -> list[str]:
    """The command line that runs a PostgreSQL program in this mode."""
    prefix = UNSHARE if mode == "namespace" else ()
    return [*prefix, *(str(part) for part in parts)]


def popen_arguments(mode: str) -> dict[str, Any]:
    """What Popen needs to run a PostgreSQL program in this mode."""
    if mode != "nobody":
        return {}
    uid, gid = _ids(mode)
    return {"user": uid, "group": gid, "extra_groups": []}


def hand_over(mode: str, folder: Path) -> None:
    """Make `folder` and all in it the server's own, also when another mode made it before.

    Raises EngineError when it belongs to somebody else, or when `nobody` could not reach it.
    """
    uid, gid = _ids(mode)
    if os.geteuid() != 0:
        if folder.stat().st_uid != uid:
            owner = folder.stat().st_uid
            raise EngineError(
                f"{folder} belongs to another account (user id {owner}). Run as that account, "
                "or use another folder with STAGE_VAR=…"
            )
        return
    if mode == "nobody":
        require_open_to_all(folder.parent)
    if folder.stat().st_uid != uid:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, uid, gid, follow_symlinks=False)


def require_open_to_all(folder: Path) -> None:
    """Raise EngineError when an account that is not ours cannot walk down to `folder`."""
    for step in [*reversed(folder.parents), folder]:
        if not step.stat().st_mode & 0o001:
            raise EngineError(
                f"Running as root without user namespaces, PostgreSQL runs as 'nobody', which may "
                f"not enter {step}. Either run as an ordinary user, or 'chmod o+x {step}', or "
                "put the checkout elsewhere."
            )


def _ids(mode: str) -> tuple[int, int]:
    if mode != "nobody":
        return os.geteuid(), os.getegid()
    user = pwd.getpwnam("nobody")
    for group in ("nogroup", "nobody"):
        try:
            return user.pw_uid, grp.getgrnam(group).gr_gid
        except KeyError:
            continue
    return user.pw_uid, user.pw_gid
