"""Drills: break the running product on purpose and count what was lost, doubled or refused.

`make drills` runs all, `make drills ARGS="broker"` one. Each has a product of its own: PostgreSQL,
Redis, web, worker, beat and a mail server that counts. A drill is a module here with
`run(product) -> str`: one line with its figure; it raises `Broken` when a promise is not kept.
"""


class Broken(AssertionError):
    """A promise of the product was not kept."""


def expect(promise: str, found: object, wanted: object) -> None:
    """Raise Broken when what was found is not what was promised."""
    if found != wanted:
        raise Broken(f"{promise}: {found!r} instead of {wanted!r}")
