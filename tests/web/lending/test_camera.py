"""The phone's camera reads a barcode: a real Chromium with a film of one before its camera, and the vendored decoder."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import barcode  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from shufang.catalogue.models import TitleIdentifier
from tests.web.lending.books import title_id

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTH, HEIGHT, MODULE = 640, 480, 4
GREY, LIGHT, DARK = 190, 235, 25

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.django_db(transaction=True),
]


def film(path: Path, modules: str) -> Path:
    """Write a film (YUV4MPEG2) of a label with these bars, as a camera would see it: grey around, the light uneven."""
    bars = "0" * 12 + modules + "0" * 12
    left = (WIDTH - len(bars) * MODULE) // 2
    line = bytearray([GREY] * WIDTH)
    for place, module in enumerate(bars):
        for x in range(left + place * MODULE, left + (place + 1) * MODULE):
            line[x] = (DARK if module == "1" else LIGHT) - x // 64
    rows = [bytes(line) if HEIGHT // 4 < y < 3 * HEIGHT // 4 else bytes([GREY]) * WIDTH for y in range(HEIGHT)]
    colour = bytes([128]) * (WIDTH * HEIGHT // 4)
    frame = b"FRAME\n" + b"".join(rows) + colour + colour
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 10)
    return path


@contextmanager
def phone_before(picture: Path | None) -> Iterator[Page]:
    """Open a page on a phone whose camera sees a film; without one, on a phone whose reader refuses the camera."""
    camera = [] if picture is None else [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={picture}",
    ]  # fmt: skip
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*root, *camera])
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
        yield context.new_page()
        browser.close()


# Scenario 44
@pytest.mark.parametrize(
    ("kind", "code", "barcode_of"),
    [("ean13", "9787805685649", "DX00000201"), ("code128", "DX00000001", "DX00000001")],
)
def test_the_camera_leads_to_the_book(site: str, tmp_path: Path, kind: str, code: str, barcode_of: str) -> None:
    title = title_id(barcode_of)
    if kind == "ean13":
        assert TitleIdentifier.objects.filter(title_id=title, kind="isbn", value=code).exists()
    (modules,) = barcode.get(kind, code).build()
    with phone_before(film(tmp_path / "film.y4m", modules.replace("G", "1"))) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(f"{site}/scan/")
        assert not any("quagga" in address for address in fetched)
        page.get_by_role("button", name="Open the camera").click()
        page.wait_for_url(f"{site}/titles/{title}/", timeout=30_000)
        assert any("quagga" in address for address in fetched)
        assert complaints == []


def test_a_camera_that_may_not_be_used_leaves_the_field(site: str) -> None:
    with phone_before(None) as page:
        page.goto(f"{site}/scan/")
        page.get_by_role("button", name="Open the camera").click()
        expect(page.get_by_role("status")).to_contain_text("Type the number")
        expect(page.get_by_label("ISBN, or the number on the barcode of the copy")).to_be_focused()
        page.keyboard.type("DX00000001")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/titles/{title_id('DX00000001')}/")


def test_the_browsers_own_detector_is_taken_where_there_is_one(site: str, tmp_path: Path) -> None:
    """Phones have a BarcodeDetector of their own; Chromium on this machine gets one that answers as theirs does."""
    own = """
        window.BarcodeDetector = class {
          static getSupportedFormats() { return Promise.resolve(["ean_13", "code_128", "code_39", "qr_code"]); }
          detect() { return Promise.resolve([{ rawValue: "DX00000001" }]); }
        };
    """
    with phone_before(film(tmp_path / "film.y4m", "10" * 40)) as page:
        page.add_init_script(own)
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(f"{site}/scan/")
        page.get_by_role("button", name="Open the camera").click()
        page.wait_for_url(f"{site}/titles/{title_id('DX00000001')}/")
        assert not any("quagga" in address for address in fetched)
