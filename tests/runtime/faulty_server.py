"""A server on a real socket that answers each request as a test says, down to the byte, the pause and the reset."""

import contextlib
import socket
import struct
import threading
import time


class FaultyServer:
    """`steps` are functions of the connection, one for each request; the last one lasts. `requests` are what came in."""

    def __init__(self, *steps):
        self.steps = steps
        self.requests = []
        self._open = set()
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._done.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in list(self._open):
            connection.close()

        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def open_connections(self, within=60.0):
        """How many connections a client still holds, once that has had time to settle."""
        end = time.monotonic() + within
        while self._open and time.monotonic() < end:
            time.sleep(0.01)
        return len(self._open)

    def heard(self, count, within=60.0):
        """How many requests came in, once as many as expected had time to: a client gives up before a busy server looks."""
        end = time.monotonic() + within
        while len(self.requests) < count and time.monotonic() < end:
            time.sleep(0.01)
        return len(self.requests)

    def _accept(self):
        while not self._done.is_set():
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return

            connection = Connection(plain, self._done)
            self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        try:
            while (request := connection.request()) is not None:
                with self._lock:
                    self.requests.append(request)
                    step = self.steps[min(len(self.requests), len(self.steps)) - 1]
                step(connection)
        except OSError:
            pass  # the client went away
        finally:
            connection.close()
            self._open.discard(connection)


class Connection:
    def __init__(self, plain, done):
        self._socket, self._done, self._rest = plain, done, b""

    def request(self):
        """Head and body of the next request, or None when there is none."""
        while b"\r\n\r\n" not in self._rest:
            if not self._more():
                return None

        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        lines = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:]]

        length = next((int(value) for name, value in lines if name.lower() == b"content-length"), 0)
        while len(self._rest) < length:
            if not self._more():
                return None

        body, self._rest = self._rest[:length], self._rest[length:]
        return head + b"\r\n\r\n" + body

    def _more(self):
        chunk = self._socket.recv(65536)
        self._rest += chunk
        return chunk

    def send(self, data):
        self._socket.sendall(data)

    def drip(self, data, pause):
        """One byte at a time."""
        for byte in data:
            self.send(bytes([byte]))
            self.wait(pause)

    def wait(self, seconds):
        if self._done.wait(seconds):
            raise ConnectionError("the test is over")

    def hold(self):
        """Say nothing until the client goes away."""
        while self._socket.recv(65536):
            pass

    def reset(self):
        """Close with RST instead of FIN."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def answer(status: int = 200, content: bytes = b"", **headers: str | None) -> bytes:
    """The bytes of an answer; headers with underscores for hyphens, None to leave one out."""
    lines: dict[str, str | None] = {
        "content-type": "application/json",
        "content-length": str(len(content)),
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content


def sends(data):
    return lambda connection: connection.send(data)


def sends_and_closes(data):
    def step(connection):
        connection.send(data)
        connection.close()

    return step
