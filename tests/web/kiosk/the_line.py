"""The line between a kiosk and its server, which a test may cut and mend: a forwarder on a port of its own."""

import socket
import threading
from contextlib import suppress


class Line:
    """Forwards TCP connections to `(host, port)` until it is cut."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._open: set[socket.socket] = set()
        self._swallow = b""
        self.swallowed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._listen()

    @property
    def address(self) -> str:
        """Return the address that the browser is given."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Pull the plug: nothing is accepted any more, and what is open breaks off."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in list(self._open):
            self._close(end)

    def mend(self) -> None:
        """Put the plug in again."""
        self._swallow = b""
        self.swallowed.clear()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listen()

    def lose_reply_of(self, path: str) -> None:
        """Let the next request of `path` through, lose its reply, and cut the line then."""
        self._swallow = f"POST {path} ".encode()

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                browser, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._open.update((browser, server))
            is_swallowing = threading.Event()
            threading.Thread(target=self._forward, args=(browser, server, is_swallowing, True), daemon=True).start()
            threading.Thread(target=self._forward, args=(server, browser, is_swallowing, False), daemon=True).start()

    def _forward(
        self, source: socket.socket, target: socket.socket, is_swallowing: threading.Event, from_browser: bool
    ) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                if from_browser and self._swallow and said.startswith(self._swallow):
                    is_swallowing.set()
                elif not from_browser and is_swallowing.is_set():
                    self.cut()
                    self.swallowed.set()
                    return
                target.sendall(said)
            target.shutdown(socket.SHUT_WR)  # the other direction may still have something to say
            return
        self._close(source)
        self._close(target)

    def _close(self, end: socket.socket) -> None:
        self._open.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
