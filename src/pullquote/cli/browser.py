"""Opens the chat in the browser of this machine, if there is one."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Mapping
from contextlib import suppress

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - only compared
"""Addresses that mean "all of this machine", with those by which a browser reaches them."""


def chat_address(host: str, port: int) -> str:
    """The address of the chat for a browser on this machine."""
    reached = _ANY_ADDRESS.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def has_desktop(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a browser could show a window. Without a desktop, only text browsers would open."""
    if platform in ("darwin", "win32"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def open_chat(host: str, port: int) -> None:
    """Open the chat in the browser if there is one, without waiting for it."""
    if has_desktop(os.environ):
        address = chat_address(host, port)
        threading.Thread(target=_open, args=(address,), daemon=True, name="browser").start()


def _open(address: str) -> None:
    with suppress(webbrowser.Error, OSError):  # the terminal has the address, too
        webbrowser.get().open(address)
