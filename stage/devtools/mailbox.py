"""Reads the mails that the demo's own mail server kept (`stage.devtools.embedded.mail`)."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

SHOWN = 100
NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Mail:
    """One received mail; `name` is its file without suffix."""

    name: str
    to: str
    sender: str
    subject: str
    sent: datetime | None
    text: str
    attachments: tuple[str, ...]


def newest(folder: Path, *, query: str = "") -> list[Mail]:
    """The newest mails, at most a hundred; `query` looks in addressee and subject."""
    found: list[Mail] = []
    for path in sorted(folder.glob("*.eml"), reverse=True):
        mail = _mail(path)
        if query.lower() in f"{mail.to} {mail.subject}".lower():
            found.append(mail)
        if len(found) == SHOWN:
            break
    return found


def read(folder: Path, name: str) -> Mail | None:
    """One mail by its name."""
    path = _path(folder, name)
    return _mail(path) if path else None


def attachment(folder: Path, name: str, number: int) -> tuple[str, bytes] | None:
    """Name and content of one attachment, counted from 0."""
    path = _path(folder, name)
    parts = list(_message(path).iter_attachments()) if path else []
    if number >= len(parts):
        return None
    part = parts[number]
    content = part.get_payload(decode=True)  # no bytes where the part is a message itself
    return _file_name(part, number), content if isinstance(content, bytes) else b""


def _path(folder: Path, name: str) -> Path | None:
    path = folder / f"{name}.eml"
    return path if NAME.fullmatch(name) and path.is_file() else None


def _message(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=policy.default)


def _mail(path: Path) -> Mail:
    message = _message(path)
    body = message.get_body(preferencelist=("plain",))
    sent = message["Date"]
    return Mail(
        name=path.stem,
        to=str(message["To"] or message["X-RcptTo"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        sent=parsedate_to_datetime(str(sent)) if sent else None,
        text=body.get_content() if body else "",
        attachments=tuple(_file_name(p, n) for n, p in enumerate(message.iter_attachments())),
    )


def _file_name(part, number: int) -> str:
    name = part.get_filename() or f"bijlage-{number + 1}"
    return re.sub(r"[^\w.() -]", "_", name)
