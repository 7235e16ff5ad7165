"""gunicorn's log of requests, without the secrets in their addresses."""

from __future__ import annotations

from gunicorn.glogging import Logger

from stage.core.record.redact import redact


class RedactedLogger(Logger):
    """What may go into a line: the address, the page before it, and every header alike."""

    def atoms(self, resp, req, environ, request_time) -> dict:
        found = super().atoms(resp, req, environ, request_time)
        return {k: redact(v) if isinstance(v, str) else v for k, v in found.items()}
