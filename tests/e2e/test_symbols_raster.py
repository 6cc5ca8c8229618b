"""The browser's preview against the golden images that Python drew.

Canvas and OpenCV antialias differently, so a pixel may be found one pixel away: of the pixels that a drawing
changed, at most 2 % may find none within 32 grey levels in the other drawing's 3x3 neighbourhood.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser, Page

from ml.symbols import Size
from tests.ml.symbols.make_cases import CASES, background

FRONTEND = Path(__file__).parents[2] / "frontend"
GREY_LEVELS, MOST_MISSING = 32, 0.02
GOLDEN: list[dict[str, Any]] = json.loads((CASES / "golden.json").read_text())
Image = npt.NDArray[np.uint8]

DRAW = """async ({background, symbols, width, height, crop}) => {
    const image = new Image();
    image.src = background;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    context.translate(-crop[0], -crop[1]);
    twin.drawDisplayList(context, twin.displayList(symbols, {width, height}));
    return canvas.toDataURL("image/png");
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    bundler = FRONTEND / "node_modules" / ".bin" / "esbuild"
    assert bundler.exists(), "the front end's packages are not there: make frontend"
    source = FRONTEND / "src" / "symbols" / "index.ts"
    command = [bundler, source, "--bundle", "--format=iife", "--global-name=twin"]
    script = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    page = browser.new_page()
    page.add_script_tag(content=script)
    yield page
    page.close()


def grey(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def missing(here: Image, there: Image) -> npt.NDArray[np.bool_]:
    """Tell for each pixel of one grey image whether the other has none like it within one pixel."""
    padded = np.pad(there.astype(np.int16), 1, mode="edge")
    height, width = here.shape
    shifted = [padded[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return np.asarray(np.min([np.abs(other - here) for other in shifted], axis=0) > GREY_LEVELS)


@pytest.mark.browser
@pytest.mark.parametrize("case", GOLDEN, ids=[case["name"] for case in GOLDEN])
def test_the_canvas_draws_what_python_draws(page: Page, case: dict[str, Any]) -> None:
    left, top, right, bottom = case["crop"]
    size = Size(*case["size"])
    before = cv2.cvtColor(background(size)[top:bottom, left:right], cv2.COLOR_RGB2BGR)
    encoded = base64.b64encode(cv2.imencode(".png", before)[1].tobytes()).decode()
    url = page.evaluate(
        DRAW,
        {
            "background": f"data:image/png;base64,{encoded}",
            "symbols": case["symbols"],
            "width": size.width,
            "height": size.height,
            "crop": case["crop"],
        },
    )
    data = np.frombuffer(base64.b64decode(url.partition(",")[2]), np.uint8)
    canvas, golden = (
        cv2.imdecode(data, cv2.IMREAD_COLOR),
        cv2.imread(str(CASES / f"golden/{case['name']}.png")),
    )
    changed = ((canvas != before) | (golden != before)).any(axis=2)
    for one, other in ((golden, canvas), (canvas, golden)):
        share = (missing(grey(one), grey(other)) & changed).sum() / changed.sum()
        assert share <= MOST_MISSING
