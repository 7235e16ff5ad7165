"""What a signature is bound to: one hash over the whole text, and one per article."""

from __future__ import annotations

import hashlib
import json


def canonical(value) -> bytes:
    """JSON in one spelling only: sorted keys, no spaces, UTF-8; the same on every machine."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(value) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def short(whole_hash: str) -> str:
    """The first sixteen digits in groups of four: what a person compares."""
    return " ".join(whole_hash[i : i + 4] for i in range(0, 16, 4))
