"""What the mail server of the stack received."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


class Mailbox:
    """Reads the mails, waits for the one that is expected."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.seen: dict[str, EmailMessage] = {}

    def all(self) -> list[EmailMessage]:
        """Every mail, oldest first."""
        for path in sorted(self.folder.glob("*.eml")):
            if path.name not in self.seen:
                self.seen[path.name] = message_from_bytes(path.read_bytes(), policy=policy.default)
        return [self.seen[name] for name in sorted(self.seen)]

    def wait_for(self, address: str, subject: str, *, after: int = 0, seconds: float = 60):
        """The newest mail to an address whose subject fits, once more than `after` did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [
                m
                for m in self.all()
                if address in str(m["To"]) and re.search(subject, str(m["Subject"]), re.I)
            ]
            if len(found) > after:
                return found[-1]
            time.sleep(0.3)
        got = [(str(m["To"]), str(m["Subject"])) for m in self.all() if address in str(m["To"])]
        raise AssertionError(f"no mail {subject!r} to {address}; there are {got}")

    def count(self, address: str, subject: str) -> int:
        return len(
            [
                m
                for m in self.all()
                if address in str(m["To"]) and re.search(subject, str(m["Subject"]), re.I)
            ]
        )


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def link_in(mail: EmailMessage) -> str:
    """The one link of a mail."""
    return re.search(r"https?://\S+", text_of(mail)).group(0).rstrip(".,)")


def code_in(mail: EmailMessage) -> str:
    """The eight digits of a code mail."""
    return re.search(r"\b(\d{4}) ?(\d{4})\b", text_of(mail)).group(0)
