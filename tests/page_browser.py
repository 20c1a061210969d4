"""Opening a page in Chromium so that any request, dialog or error fails the test."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT = 20.0


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("LIANTU_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip("needs Chromium: install it, or name its path in LIANTU_CHROMIUM")
    return found


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    chromium()
    with sync_playwright() as driver:
        yield driver


@contextmanager
def launched(playwright: Playwright, *flags: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *flags])
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright) as running:
        yield running


@contextmanager
def opened(
    browser: Browser, path: Path, *, size: tuple[int, int] = (1280, 720), anchor: str = ""
) -> Iterator[Page]:
    """The page, ready; any request, dialog, console error or page error fails the test."""
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()

    def requested(url: str) -> None:
        if url.split("#", maxsplit=1)[0] != path.as_uri() and not url.startswith(
            ("data:", "blob:")
        ):
            troubles.append(f"request {url}")

    def asked(dialog: Any) -> None:  # noqa: ANN401  # Playwright's own type is not exported
        troubles.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("request", lambda request: requested(request.url))
    page.on("dialog", asked)
    page.on("pageerror", lambda error: troubles.append(f"error {error}"))
    page.on(
        "console",
        lambda said: (
            troubles.append(f"console {said.text}") if said.type in {"error", "warning"} else None
        ),
    )
    try:
        page.goto(path.as_uri() + anchor)
        until(page, "ready", "1")
        yield page
        assert troubles == []
    finally:
        context.close()


def until(page: Page, name: str, value: str) -> None:
    """Poll a data attribute of the body: waiting by function needs eval, which the policy bans."""
    end = time.monotonic() + WAIT
    while (seen := page.locator("body").get_attribute(f"data-{name}")) != value:
        assert time.monotonic() < end, f"data-{name} is {seen!r}, not {value!r}"
        time.sleep(0.05)


def click_node(page: Page, key: str) -> None:
    place = page.evaluate("key => window.liantu.positionOf(key)", key)
    page.mouse.click(place["x"], place["y"])
