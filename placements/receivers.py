"""Tells lower apps what they may ask for without knowing this one."""

from __future__ import annotations
