"""Drives Firefox through Marionette, the protocol that every Firefox speaks without a driver.

Playwright drives only its own build of Firefox, which has to be downloaded, and Debian has no
geckodriver. A message is its length, a colon, and JSON: [0, number, command, parameters] and
[1, number, error, result]. The commands are those of WebDriver (https://www.w3.org/TR/webdriver2/).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from served import until

PREFERENCES = """
user_pref("marionette.port", 0);
user_pref("app.update.auto", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
"""

ENTER, ESCAPE, TAB, UP = "\ue007", "\ue00c", "\ue004", "\ue013"

SHOWN_WITHIN = 60
"""Seconds that a busy machine may take to show an answer."""


def find_firefox() -> str | None:
    """The Firefox to test with, or None where none is installed."""
    named = os.environ.get("PULLQUOTE_FIREFOX")
    return named or next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)


class Firefox:
    """A Firefox with one window."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")
        self._number = 0
        self._receive()  # Firefox speaks first
        self.call("WebDriver:NewSession", capabilities={})

    def call(self, command: str, **given: object) -> Any:
        """The result of a command."""
        self._number += 1
        message = json.dumps([0, self._number, command, given]).encode()
        self._connection.sendall(b"%d:%b" % (len(message), message))
        _, number, error, result = self._receive()
        assert number == self._number
        assert error is None, f"{command}: {error}"
        return result

    def _receive(self) -> Any:
        length = b""
        while (character := self._stream.read(1)) != b":":
            assert character, "Firefox has ended"
            length += character
        return json.loads(self._stream.read(int(length)))

    def open(self, url: str) -> None:
        """Load a page."""
        self.call("WebDriver:Navigate", url=url)

    def js(self, expression: str, *given: object) -> Any:
        """The value of an expression, in which `arguments` are the given values."""
        script = f"return {expression}"
        return self.call("WebDriver:ExecuteScript", script=script, args=list(given))["value"]

    def awaited(self, script: str) -> Any:
        """What a script passes to its only argument, a function."""
        self.call("WebDriver:SetTimeouts", script=1000 * SHOWN_WITHIN)
        return self.call("WebDriver:ExecuteAsyncScript", script=script, args=[])["value"]

    def until(self, expression: str, *given: object) -> None:
        """Wait until an expression is true."""
        until(lambda: self.js(expression, *given), seconds=SHOWN_WITHIN)

    def text(self, selector: str) -> str:
        """The text of the first element, as shown."""
        found: str = self.js("document.querySelector(arguments[0])?.innerText ?? ''", selector)
        return found

    def click(self, selector: str) -> None:
        """Click the first element, as a person would."""
        self.call("WebDriver:ElementClick", id=self._element("css selector", selector))

    def type(self, selector: str, keys: str) -> None:
        """Type into the first element."""
        element = self._element("css selector", selector)
        self.call("WebDriver:ElementSendKeys", id=element, text=keys)

    def press(self, keys: str) -> None:
        """Press keys, one after the other, wherever the focus is."""
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": steps}]
        self.call("WebDriver:PerformActions", actions=actions)

    def _element(self, using: str, value: str) -> str:
        found = self.call("WebDriver:FindElement", using=using, value=value)["value"]
        [element] = found.values()
        return str(element)


@contextmanager
def running(executable: str, profile: Path) -> Iterator[Firefox]:
    """A headless Firefox, whose profile is in an empty folder."""
    (profile / "user.js").write_text(PREFERENCES, encoding="utf-8")
    process = subprocess.Popen(
        [executable, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with socket.create_connection(("127.0.0.1", _port(profile))) as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _port(profile: Path) -> int:
    """The port that Firefox has chosen and written into its profile."""
    written = profile / "MarionetteActivePort"
    until(lambda: written.exists() and written.read_text())
    time.sleep(0.1)  # it is written in one go, but perhaps not yet whole
    return int(written.read_text())
