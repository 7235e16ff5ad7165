"""An SMTP server that keeps what it receives as files: `python mail.py FOLDER SOCKET_FD`.

Started as a file, not as a module of the package, since it needs nothing of the product. Each
message is `FOLDER/<UTC time>-<random>.eml`; the envelope stands in X-MailFrom and X-RcptTo.
"""

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

NEWEST_KEPT = 2000
LARGEST = 25 * 1024 * 1024  # bytes


class Mailbox:
    """Writes messages to a folder and keeps the newest ones."""

    def __init__(self, folder: Path, kept: int = NEWEST_KEPT) -> None:
        self.folder = folder
        self.kept = kept
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob("*.part"):
            unfinished.unlink()
        self._names = deque(sorted(path.name for path in folder.glob("*.eml")))
        self._prune()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        """Store one received message; the name is fixed by aiosmtpd."""
        self.store(envelope.mail_from or "", envelope.rcpt_tos, envelope.content or b"")
        return "250 OK"

    def store(self, sender: str, recipients: list[str], content: bytes | str) -> Path:
        """Write a message so that a reader never sees half of it."""
        body = content.encode() if isinstance(content, str) else content
        head = f"X-MailFrom: {sender}\r\nX-RcptTo: {', '.join(recipients)}\r\n"
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.eml"
        part = self.folder / f"{name}.part"
        part.write_bytes(head.encode() + body)
        os.replace(part, self.folder / name)
        self._names.append(name)
        self._prune()
        return self.folder / name

    def _prune(self) -> None:
        while len(self._names) > self.kept:
            (self.folder / self._names.popleft()).unlink(missing_ok=True)


async def serve(folder: Path, listener: socket.socket) -> None:
    """Receive mail until SIGTERM."""
    mailbox = Mailbox(folder)
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)

    def protocol() -> SMTP:
        # A host name of our own: looking up the machine's can take seconds.
        return SMTP(
            mailbox, hostname="localhost", data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop
        )

    server = await loop.create_server(protocol, sock=listener)
    await stopping.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))))
