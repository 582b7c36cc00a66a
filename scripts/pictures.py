"""Take the pictures of the README from a fresh demonstration: `python scripts/pictures.py`, into docs/pictures.

Needs a Chromium and Chinese faces on the machine (Debian: chromium, fonts-noto-cjk).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent.parent
PICTURES = HERE / "docs" / "pictures"
PHONE, KIOSK = (390, 844), (1080, 1920)
CARD, PIN = "D0000002", "135790"
QUALITY = 80


@dataclass(frozen=True)
class Picture:
    """One picture: where to go, how large the screen is, and what is done there before it is taken."""

    name: str
    path: str
    size: tuple[int, int] = PHONE
    scale: float = 2
    scheme: str = "light"
    language: str = "zh-CN"
    is_reader: bool = True
    before: Callable[[Page], None] = lambda _page: None


PICTURES_TAKEN = (
    Picture("home", "/"),
    Picture("search", "/search/?q=zhsj"),
    Picture("title", "/search/?q=红楼梦", before=lambda page: page.locator("a.result").first.click()),
    Picture("loans", "/me/loans/"),
    Picture("card", "/me/card/"),
    Picture("home-night", "/", scheme="dark", language="en"),
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demonstration() -> Iterator[str]:
    """Run a demonstration on a folder of its own; yield the address of its pages."""
    http, sip2 = _free_port(), _free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "shufang", "demo", "--data", folder]
        command += ["--http-port", str(http), "--sip2-port", str(sip2)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own words only
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("Ready"):
                    break
            yield f"http://127.0.0.1:{http}"
        finally:
            process.terminate()
            process.wait(30)


def sign_in(page: Page, site: str) -> None:
    """Sign the reader of the pictures in."""
    page.goto(f"{site}/sign-in/")
    page.fill("[name=card]", CARD)
    page.fill("[name=pin]", PIN)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def take(browser: Browser, site: str, picture: Picture) -> None:
    """Take one picture in a browser of its own."""
    context = browser.new_context(
        viewport={"width": picture.size[0], "height": picture.size[1]},
        device_scale_factor=picture.scale,
        color_scheme="dark" if picture.scheme == "dark" else "light",
        locale=picture.language,
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.is_reader:
        sign_in(page, site)
    page.goto(site + picture.path)
    picture.before(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{picture.name}.jpg", type="jpeg", quality=QUALITY)
    context.close()


def main() -> int:
    """Take them all, or those that are named."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("There is no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)\n")
        return 1
    wanted = sys.argv[1:]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demonstration() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        for picture in PICTURES_TAKEN:
            if not wanted or picture.name in wanted:
                take(browser, site, picture)
                sys.stdout.write(f"{PICTURES / picture.name}.jpg\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
