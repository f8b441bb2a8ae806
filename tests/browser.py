"""A real headless Chromium, driven by the DevTools protocol."""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

_OPTIONS = (
    "--headless=new",
    # Tests may run as root, where Chromium's sandbox refuses to start; it opens no page but the tests' own.
    "--no-sandbox",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--window-size=800,600",
    # By its own name it is taken for a bot.
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0",
)
Message = dict[str, Any]


class Page:
    """A tab of the browser."""

    def __init__(self, browser: "Browser", target: str, session: str) -> None:
        self._browser, self._target, self._session = browser, target, session

    async def call(self, method: str, **parameters: Any) -> Message:
        """Call a method of the protocol on this tab."""
        return await self._browser.call(method, parameters, self._session)

    async def before_scripts(self, script: str) -> None:
        """Run a script in every page to come, before its own."""
        await self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    async def go(self, url: str) -> None:
        """Open an address; the page may still be loading."""
        gone = await self.call("Page.navigate", url=url)
        assert "errorText" not in gone, f"{url}: {gone['errorText']}"

    async def run(self, expression: str) -> Any:
        """Evaluate JavaScript in the page, await a promise, and return what it gives."""
        found = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in found, f"{expression}: {found['exceptionDetails']}"
        return found["result"].get("value")

    async def holds(self, expression: str, seconds: float = 10) -> None:
        """Wait until an expression is true in the page, through loads of others."""

        async def true() -> bool:
            with suppress(AssertionError, ProtocolError):
                return bool(await self.run(expression))
            return False

        await eventually(true, seconds, expression)

    async def click(self, selector: str, button: str = "left", times: int = 1) -> None:
        """Click into the middle of an element, as a person does with a mouse."""
        box = f"document.querySelector({selector!r}).getBoundingClientRect()"
        x, y = await self.run(f"(box => [box.x + box.width / 2, box.y + box.height / 2])({box})")
        for count in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                await self.call(
                    "Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=count
                )

    async def to_front(self) -> None:
        """Show this tab, and so hide the others."""
        await self.call("Page.bringToFront")

    async def close(self) -> None:
        """Close the tab, as a person does: scripts hear of it."""
        await self._browser.call("Target.closeTarget", {"targetId": self._target})


class ProtocolError(Exception):
    """The browser refused a call, or the tab is gone."""


class Browser:
    """A running Chromium."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}

    async def listen(self) -> None:
        """Hand answers to those who wait for them, until the connection ends."""
        async for message in self._socket:
            answer = message.json()
            waiting = self._waiting.pop(answer.get("id", 0), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    async def call(self, method: str, parameters: Message, session: str | None = None) -> Message:
        """Call a method of the protocol, on the browser or in a tab's session.

        Raises:
            ProtocolError: it was refused.

        """
        number = next(self._ids)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters}
        await self._socket.send_json(message | ({"sessionId": session} if session else {}))
        answer = await asyncio.wait_for(self._waiting[number], 20)
        if "error" in answer:
            raise ProtocolError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])

    async def context(self) -> str:
        """Make a profile of its own, with nothing stored; return its id."""
        return str((await self.call("Target.createBrowserContext", {}))["browserContextId"])

    async def show(self, context: str, url: str) -> None:
        """Open a tab that is not driven: of one that is, nothing is prerendered."""
        await self.call("Target.createTarget", {"url": url, "browserContextId": context})

    async def open(self, context: str, *, background: bool = False) -> Page:
        """Open a tab in a profile."""
        wanted = {"url": "about:blank", "browserContextId": context, "background": background}
        target = (await self.call("Target.createTarget", wanted))["targetId"]
        attached = await self.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        page = Page(self, target, attached["sessionId"])
        await page.call("Page.enable")
        return page


@contextmanager
def chromium(directory: Path) -> Iterator[str]:
    """Run a Chromium with a profile in a directory until the block ends; give the address that drives it."""
    program = shutil.which("chromium")
    assert program, "There is no chromium here: apt-get install chromium."
    profile, log = directory / "profile", directory / "chromium.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, *_OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield _address(process, profile / "DevToolsActivePort", log)
    finally:
        # Its helpers are in its session, and end with it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@asynccontextmanager
async def driven(address: str) -> AsyncIterator[Browser]:
    """Drive a running Chromium from this loop until the block ends."""
    async with aiohttp.ClientSession() as session, session.ws_connect(address, max_msg_size=0) as socket:
        browser = Browser(socket)
        listening = asyncio.create_task(browser.listen())
        yield browser
    await listening


async def eventually(holds: Callable[[], Any], seconds: float, what: str) -> None:
    """Wait for something to hold, and fail saying what did not."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        found = holds()
        if await found if asyncio.iscoroutine(found) else found:
            return
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds:.0f} s: {what}"
        await asyncio.sleep(0.05)


def _address(process: subprocess.Popen[bytes], file: Path, log: Path) -> str:
    deadline = time.monotonic() + 60
    while not (file.exists() and "\n" in file.read_text()):
        said = log.read_text("utf-8", "replace")[-2000:]
        assert process.poll() is None and time.monotonic() < deadline, f"Chromium has not started: {said}"
        time.sleep(0.05)
    port, path = file.read_text().split("\n")
    return f"ws://127.0.0.1:{port}{path}"
