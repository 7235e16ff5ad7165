"""A mail server that counts per recipient and can be told to misbehave."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter

from aiosmtpd.smtp import SMTP


class Sink:
    """Receives on a thread of its own.

    `answers` maps the start of an address to what RCPT answers; `hanging` are starts of addresses
    whose letter is never acknowledged; `delay` is seconds per letter.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.received: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.answers: dict[str, str] = {}
        self.hanging: tuple[str, ...] = ()
        self.delay = 0.0
        self._loop = asyncio.new_event_loop()
        self._listener = listener
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(
            self._loop.create_server(
                lambda: SMTP(self, hostname="localhost", loop=self._loop), sock=self._listener
            )
        )
        self._loop.run_forever()

    def close(self) -> None:
        """Stop receiving."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
        """Answer a recipient; the name is fixed by aiosmtpd."""
        self.asked[address] += 1
        for start, answer in self.answers.items():
            if address.startswith(start):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        """Count a letter; the name is fixed by aiosmtpd."""
        if any(rcpt.startswith(self.hanging) for rcpt in envelope.rcpt_tos if self.hanging):
            await asyncio.sleep(60)
        await asyncio.sleep(self.delay)
        self.received.update(envelope.rcpt_tos)
        return "250 kept"
