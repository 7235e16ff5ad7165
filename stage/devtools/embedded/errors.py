"""The one error of this package."""


class EngineError(Exception):
    """Something a person must know or do; the message says so in full and needs no traceback."""
