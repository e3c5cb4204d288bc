"""The browser of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from browsing import close_windows

SUGGESTIONS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""The lists under the address bar: two pages, which each new window loads, for a second in all."""

SWITCHED_OFF = (
    "AimEnabled AvoidCorsURLLoaderRestartOnRedirect AvoidUnnecessaryBeforeUnloadCheckSync"
    " DestroyProfileOnBrowserClose HttpsFirstBalancedModeAutoEnable HttpsUpgrades LensOverlay"
    " MediaRouter NetworkTimeServiceQuerying OptimizationHints PaintHolding PreconnectToSearch"
    " TcpPortRandomizationWin ThirdPartyStoragePartitioning"
).split()
"""What Playwright switches off; Chromium takes only the last such list of its command line."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    f"--disable-features={','.join((*SWITCHED_OFF, *SUGGESTIONS))}",
]
"""Chromium's sandbox needs rights that containers rarely give; it visits only our own page. Without
a graphics card, drawing directly takes less time than computing what a card would draw."""


@pytest.fixture(scope="package")
def browser(browser_path: str) -> Iterator[Browser]:
    """A headless browser.

    Playwright runs an event loop as long as it is open, so it is closed before other tests.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield opened
        close_windows()
        opened.close()
