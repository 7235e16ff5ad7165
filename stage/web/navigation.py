"""What stands in the navigation of each role, and where the visitor is."""

from __future__ import annotations


def navigation(request) -> list:
    return []


def site(request) -> dict:
    return {}
