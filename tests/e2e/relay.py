"""A network between a browser and the product that can be made to hang."""

from __future__ import annotations

import contextlib
import socket
import threading

BLOCK = 65536


class Relay:
    """Passes bytes on to a port of this machine; after `hang` it takes them and gives nothing."""

    def __init__(self, port: int):
        self.target = port
        self.flows = threading.Event()
        self.flows.set()
        self.closed = False
        self.ends: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self._start(self._listen)

    def hang(self) -> None:
        """From here on nothing comes back. Connections that were open end, as on a bad network."""
        self.flows.clear()
        while self.ends:
            self._end(self.ends.pop())

    def flow(self) -> None:
        """Everything that waits goes on."""
        self.flows.set()

    def close(self) -> None:
        self.closed = True
        self.hang()
        self._end(self.listener)
        self.flow()

    def _start(self, work, *words) -> threading.Thread:
        thread = threading.Thread(target=work, args=words, daemon=True)
        thread.start()
        return thread

    def _end(self, end: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the other side was first
            end.shutdown(socket.SHUT_RDWR)
        end.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _address = self.listener.accept()
            except OSError:
                return  # closed
            self._start(self._connect, near)

    def _connect(self, near: socket.socket) -> None:
        self.flows.wait()
        with near:
            if self.closed:
                return
            with socket.create_connection(("127.0.0.1", self.target)) as far:
                self.ends += [near, far]
                back = self._start(self._pass_on, far, near)
                self._pass_on(near, far)
                back.join()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while block := source.recv(BLOCK):
                sink.sendall(block)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return  # one of the ends has gone
