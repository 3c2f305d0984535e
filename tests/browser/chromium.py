# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control Chromium or Chrome over the DevTools protocol on a pipe: no driver program, no port, no package.

The protocol: https://chromedevtools.github.io/devtools-protocol/; messages are JSON, each ended by a zero byte, on the descriptors 3 and 4.
"""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "ArrowDown": 40, "End": 35, "/": 191}
CODES = {" ": "Space", "/": "Slash"}
FOCUS = "document.activeElement"
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # required for root in a container; the only page is ours
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-pipe",
)
# Moves the pipe's ends to the descriptors that Chromium uses.
STARTER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
FIRST_FREE = 10
PATIENCE = 120  # seconds without a message from the browser


def find() -> str | None:
    """The browser's path: from C(CHROMIUM), or from PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """A browser with one tab. Records its console messages, exceptions and network requests.

    :param program: the browser's path.
    :param profile: an empty directory for the browser's files.
    """

    def __init__(self, program: str, profile: Path) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, FIRST_FREE) for end in (theirs_in, theirs_out)]
        command = [sys.executable, "-c", STARTER, *map(str, ends), program, *FLAGS, f"--user-data-dir={profile}"]
        self._log = profile / "stderr"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, pass_fds=ends, stdout=log, stderr=log)
        for end in (theirs_in, theirs_out, *ends):
            os.close(end)
        self._out = os.fdopen(ours_out, "wb", buffering=0)
        self._in = os.fdopen(ours_in, "rb", buffering=0)
        self._pending = b""
        self._numbers = itertools.count(1)
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        tab = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._out.close()
        self._in.close()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its response; record events meanwhile."""
        number = next(self._numbers)
        session = {"sessionId": self._session} if self._session else {}
        self._out.write(json.dumps({"id": number, "method": method, "params": params, **session}).encode() + b"\0")
        while (message := self._receive()).get("id") != number:
            self.events.append(message)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        answer: dict[str, Any] = message["result"]
        return answer

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._pending:
            ready, _writable, _broken = select.select([self._in], [], [], PATIENCE)
            read = os.read(self._in.fileno(), 1 << 20) if ready else b""
            if not read:
                raise RuntimeError(
                    f"the browser has exited or does not respond: {self._log.read_text(errors='replace')[-2000:]}"
                )
            self._pending += read
        message, _end, self._pending = self._pending.partition(b"\0")
        received: dict[str, Any] = json.loads(message)
        return received

    def open(
        self, url: str, *, width: int = 1280, height: int = 900, theme: str = "light", script: bool = True
    ) -> None:
        """Open a page, wait until it is loaded, and clear the records."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.theme(theme)
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.events.clear()
        opened = self.call("Page.navigate", url=url)
        assert "errorText" not in opened, opened
        loaded = {"loaderId": opened["loaderId"], "name": "load"}
        while not any(loaded.items() <= event["params"].items() for event in self.events):
            self.events.append(self._receive())

    def theme(self, name: str, media: str = "") -> None:
        """Emulate the color scheme C(light) or C(dark), or the medium C(print)."""
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        text = "\r" if key == "Enter" else key if key in CODES else None
        for _time in range(times):
            common = {"key": key, "code": CODES.get(key, key), "windowsVirtualKeyCode": KEYS[key]}
            self.call("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {}))
            self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def tab_to(self, condition: str) -> None:
        """Press Tab until C(document.activeElement) meets a condition."""
        for _step in range(100):
            self.press("Tab")
            if self.ask(f"Boolean({FOCUS} && ({condition}))"):
                return
        raise AssertionError(f"not reached with Tab: {condition}")

    def type(self, text: str) -> None:
        """Type into the focused element."""
        self.call("Input.insertText", text=text)

    def screenshot(self, path: Path, *, full: bool = False) -> None:
        """Save a screenshot of the viewport or the whole page."""
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full, **self._whole(full))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(picture["data"]))

    def _whole(self, full: bool) -> dict[str, Any]:
        if not full:
            return {}
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    @property
    def complaints(self) -> list[dict[str, Any]]:
        """All console messages and exceptions."""
        loud = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        return [event["params"] for event in self.events if event["method"] in loud]

    @property
    def requests(self) -> list[str]:
        """The URLs of all requests, including the page itself, without inline resources."""
        sent = [
            event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in sent if not url.startswith("data:")]
