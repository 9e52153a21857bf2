"""A loopback server that answers by script, byte by byte if need be, and keeps an audit log."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Asked:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    raw: bytes


Script = Callable[[socket.socket, Asked], None]


def answer(status=200, headers=None, body=b"", length=True):
    """Return the bytes of a whole answer; headers are pairs of bytes or text."""
    lines = [f"HTTP/1.1 {status} Answer".encode()]
    lines += [_line(name, value) for name, value in (headers or {}).items()]
    if length:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _line(name, value):
    return name.encode() + b": " + (value if isinstance(value, bytes) else str(value).encode("latin-1"))


@dataclass
class ScriptedServer:
    """Listens on 127.0.0.1 and as many addresses after it as `hosts` says; `script` decides what a connection gets."""

    script: Script
    tls: ssl.SSLContext | None = None
    hosts: int = 1
    log: list[Asked] = field(default_factory=list)

    def __post_init__(self):
        self.listeners = [socket.create_server(("127.0.0.1", 0))]
        self.port = self.listeners[0].getsockname()[1]
        self.listeners += [socket.create_server((f"127.0.0.{1 + host}", self.port)) for host in range(1, self.hosts)]
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/feed"
        self.over = threading.Event()
        for listener in self.listeners:
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection:
            connection.settimeout(5)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            received = b""
            while b"\r\n\r\n" not in received:
                piece = connection.recv(65536)
                if not piece:
                    return
                received += piece
            asked = _asked(received)
            self.log.append(asked)
            self.script(connection, asked)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)

    def drip(self, connection, content, seconds):
        """Send one byte at a time until the test is over."""
        for at in range(len(content)):
            connection.sendall(content[at : at + 1])
            if self.over.wait(seconds):
                return

    def close(self):
        self.over.set()
        for listener in self.listeners:
            listener.close()


def _asked(received):
    head = received.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:])
    return Asked(head[0].split(" ")[1], headers, received)


def always(content):
    """Return a script that sends the same bytes to everyone."""
    return lambda connection, asked: connection.sendall(content)
