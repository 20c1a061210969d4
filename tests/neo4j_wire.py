"""What stands between a client and a server in the tests: a wire to cut, a server too old."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_SIZE: Final = 65_536


class Wire:
    """A TCP proxy on loopback that breaks once so many bytes have gone to the server."""

    def __init__(self, port: int, *, breaks_after: int, mends: bool) -> None:
        """Listen; `mends` says whether it takes connections again after it broke."""
        self._server, self._left, self._mends = port, breaks_after, mends
        self.broken = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._server))
                self._open += [near, far]
                for ends in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, counted: bool) -> None:  # noqa: FBT001  # a thread takes positions
        with suppress(OSError):  # cut
            while data := source.recv(_SIZE):
                if counted and not self.broken:
                    self._left -= len(data)
                    if self._left < 0:
                        self._break()
                        return
                target.sendall(data)

    def _break(self) -> None:
        self.broken += 1
        if self._mends:
            self._cut()
        else:
            self.close()

    def _cut(self) -> None:
        while self._open:
            end = self._open.pop()
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        """Listen no longer, and let go of what is open."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        self._cut()


@contextmanager
def answering_as(agent: str, bolt: tuple[int, int]) -> Iterator[int]:
    """Run a server that speaks this version of Bolt as `agent`, agrees to all; yield its port."""
    name = agent.encode()
    hello = b"\xb1\x70\xa1\x86server" + bytes([0x80 + len(name)]) + name
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = listener.accept()
                with client, client.makefile("rb") as said:
                    said.read(20)  # the handshake
                    client.sendall(bytes([0, 0, bolt[1], bolt[0]]))
                    answer = hello
                    while size := said.read(2):
                        if said.read(int.from_bytes(size, "big")):
                            continue
                        client.sendall(len(answer).to_bytes(2, "big") + answer + b"\x00\x00")
                        answer = b"\xb1\x70\xa0"

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
