"""A publisher's site on this computer: what stands at each path, and what it was asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What is sent: `broken_after` bytes of the body and then nothing, or a byte each `trickle_s` seconds."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    broken_after: int | None = None
    delay_s: float = 0.0
    trickle_s: float = 0.0
    announce: bool = True


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    at: float


Place = Answer | Callable[[Request], Answer]


class Publisher:
    """The site. `places` is what it holds; `requests` is what came in."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.requests: list[Request] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.other_address = f"http://localhost:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        request = Request(handler.path, dict(handler.headers), time.monotonic())
        self.requests.append(request)
        place = self.places.get(handler.path, Answer(b"Not found", 404))
        answer = place(request) if callable(place) else place
        time.sleep(answer.delay_s)
        handler.close_connection = True
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.announce and answer.status != 304:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        try:
            sent = answer.body[: answer.broken_after]
            if not answer.trickle_s:
                handler.wfile.write(sent)
            for byte in sent if answer.trickle_s else b"":
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(answer.trickle_s)
        except OSError:
            """The visitor went away."""


def kept(body: bytes, *, etag: str = '"1"', media: str = "application/pdf", first: Answer | None = None) -> Place:
    """A file of a site that knows `ETag`, `Range` and `If-Range`; `first` is what the first visitor gets instead."""
    answered: list[Request] = []

    def place(request: Request) -> Answer:
        answered.append(request)
        headers = {"ETag": etag, "Content-Type": media}
        if first is not None and len(answered) == 1:
            return first
        if request.headers.get("If-None-Match") == etag:
            return Answer(status=304, headers=headers)
        asked = request.headers.get("Range")
        if asked and request.headers.get("If-Range", etag) == etag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(body):
                return Answer(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            return Answer(body[start:], 206, headers)
        return Answer(body, headers=headers)

    return place
