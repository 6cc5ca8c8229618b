"""The shared cases and golden images still say what the code does."""

import json

import cv2
import numpy as np
import pytest

from .make_cases import CASES, golden_image, golden_sets, tables


@pytest.mark.parametrize("name", ["display", "commands", "agreement", "golden"])
def test_case_files_are_what_the_code_makes(name):
    assert json.loads((CASES / f"{name}.json").read_text()) == tables()[name]


@pytest.mark.parametrize("name", golden_sets())
def test_drawings_equal_their_golden_image(name):
    expected = cv2.imread(str(CASES / "golden" / f"{name}.png"))
    drawn = golden_image(*golden_sets()[name])
    np.testing.assert_array_equal(drawn, cv2.cvtColor(expected, cv2.COLOR_BGR2RGB))
