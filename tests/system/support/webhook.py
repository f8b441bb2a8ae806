"""Somebody whom Alertmanager tells."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Notification = dict[str, Any]


class Webhook:
    """A server that keeps what it is sent, until the block ends."""

    def __init__(self) -> None:
        self.received: list[Notification] = []
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *_: object) -> None:
                """Keep silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def of(self, alert: str, campaign: str, status: str) -> list[dict[str, Any]]:
        """Give what was told of an alert of a campaign: `firing` or `resolved`."""
        return [
            told
            for notification in self.received
            for told in notification["alerts"]
            if told["status"] == status
            and told["labels"]["alertname"] == alert
            and told["labels"].get("campaign") == campaign
        ]
