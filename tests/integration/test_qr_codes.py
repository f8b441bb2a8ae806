"""QR codes of links, drawn by a real browser and read by another program than wrote them."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from commands.links import qr_code
from tests.browser import Page, chromium, driven

LONGEST = f"https://{'g' * 63}.example/c/{'x' * 64}"
Greys = NDArray[np.uint8]
SHORT = "https://go.example/c/ana-reel-1"


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """Open a tab."""
    with chromium(tmp_path) as address:
        async with driven(address) as browser:
            yield await browser.open(await browser.context())


@pytest.mark.parametrize("address", [SHORT, "http://127.0.0.1:8080/c/ben:clip", LONGEST])
async def test_a_code_is_read_as_the_address_it_was_made_of(address: str, page: Page) -> None:
    assert read(await drawn(page, qr_code(address))) == address


@pytest.mark.parametrize("address", [SHORT, LONGEST])
async def test_a_code_is_read_with_its_middle_third_covered(address: str, page: Page) -> None:
    pixels = await drawn(page, qr_code(address))
    rim, side = 4 * 8, len(pixels)
    first, last = (round(rim + (side - 2 * rim) * share) for share in (1 / 3, 2 / 3))
    pixels[first:last, first:last] = 255

    assert read(pixels) == address


async def drawn(page: Page, picture: str) -> Greys:
    """Draw an SVG onto a black ground, as large as it says; return its greys."""
    source = f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
    greys = await page.run(
        f"""(async () => {{
            const image = new Image();
            image.src = "{source}";
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.width, image.height];
            const context = canvas.getContext("2d");
            context.fillRect(0, 0, canvas.width, canvas.height);
            context.drawImage(image, 0, 0);
            const {{data}} = context.getImageData(0, 0, canvas.width, canvas.height);
            return btoa(Array.from(data, (grey, at) => at % 4 ? "" : String.fromCharCode(grey)).join(""));
        }})()"""
    )
    pixels = np.frombuffer(base64.b64decode(greys), np.uint8)
    side = round(len(pixels) ** 0.5)
    return pixels.reshape(side, side).copy()


def read(pixels: Greys) -> str:
    (code,) = zxingcpp.read_barcodes(pixels)
    return code.text
