"""Make the icons of the installed app from the mark, with the machine's own Chromium: python -m scripts.icons"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

WEB = Path(__file__).resolve().parent.parent / "src/shufang/web/static/web"
SEAL, ON_SEAL = "#c0321a", "#fff6e6"
STROKES = "M24 3v28M11 8h26v12M5 14h38M11 20h26M13 25.5h22M5 31h38M12 36h24v9H12zM12 40.5h24"
ICONS = (
    ("192.png", 192, 0.7, 0.1),
    ("512.png", 512, 0.7, 0.1),
    ("maskable-512.png", 512, 0.56, 0),
    ("apple-180.png", 180, 0.64, 0),
)
"""File, side in pixels, share of the side that the sign takes, share by which the corners are rounded. Of a maskable icon
a system may cut away all but a circle of 80 %: the sign and its corners lie within."""


def picture(side: int, share: float, rounding: float) -> str:
    """Return the SVG of an icon: the sign 書 on the seal."""
    scale = side * share / 48
    edge = side * (1 - share) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
        f'<rect width="{side}" height="{side}" rx="{side * rounding:.0f}" fill="{SEAL}"/>'
        f'<path transform="translate({edge} {edge}) scale({scale})" d="{STROKES}" fill="none" stroke="{ON_SEAL}" '
        f'stroke-width="3.4" stroke-linecap="square"/></svg>'
    )


def main() -> None:
    """Write the icons."""
    folder = WEB / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, side, share, rounding in ICONS:
            page = browser.new_page(viewport={"width": side, "height": side})
            page.set_content(f"<style>*{{margin:0}}</style>{picture(side, share, rounding)}")
            page.screenshot(path=folder / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
