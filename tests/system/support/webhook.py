"""A server that Alertmanager's chat receivers post to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any, Self

from tests.system.support.processes import free_port


class Chat:
    """Listens until the block ends; `messages` are title and text of what was posted, oldest first."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        messages = self.messages

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                posted: dict[str, Any] = json.loads(self.rfile.read(length))
                messages.extend((part["title"], part["text"]) for part in posted["attachments"])
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, format: str, *arguments: object) -> None:
                """Write nothing."""

        self._server = HTTPServer(("127.0.0.1", free_port()), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def about(self, campaign: str) -> list[tuple[str, str]]:
        """Return the messages whose title names a campaign."""
        return [(title, text) for title, text in self.messages if campaign in title]
