"""What is needed of django-allauth that it does not offer in public, and nothing else.

Tried with 65.21. Each seam says why; `tests/core/test_allauth_seams.py` asks allauth's public side
whether it still does what it is here for, and that no other module reaches inside.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication as _record


def record_authentication(request, user, *, method: str, **how: Any) -> None:
    """Note in the session how somebody proved who they are.

    Why: a login card and a mailed code are ways in of our own, and allauth asks this record whether
    a password has to be typed again before a second factor is set up. Reading it is public
    (`allauth.account.authentication`), writing it is not.
    """
    _record(request, user, method=method, **how)
