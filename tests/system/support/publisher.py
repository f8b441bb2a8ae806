"""A publisher's site whose first page has another one loaded before anybody asks for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.system.support.processes import free_port

_AHEAD = """<!doctype html><script type="speculationrules">
{"%s": [{"source": "list", "urls": ["/post"], "eagerness": "immediate"}]}
</script>"""
_POST = """<!doctype html><script async src="%(collector)s/t.js" data-campaign="summer-glow"
  data-influencer="ana" data-content="%(content)s" data-channel="blog" data-page></script><p>A post</p>
<img src="%(collector)s/i.gif?c=summer-glow&amp;i=ana&amp;k=%(content)s&amp;ch=newsletter" alt="">"""


@dataclass
class Publisher:
    """The site: `url`, and for which purpose its page was asked for, each time."""

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def publisher(collector: str, how: str) -> Iterator[Publisher]:
    """Serve a page that has another one, with snippet and pixel, loaded ahead: `prefetch` or `prerender`."""
    site = Publisher(f"http://127.0.0.1:{free_port()}")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = _AHEAD % how
            if self.path == "/post":
                site.asked.append(self.headers.get("Sec-Purpose", ""))
                page = _POST % {"collector": collector, "content": f"{how}ed"}
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Write nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", int(site.url.rpartition(":")[2])), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
