"""Color, orientation and JPEG."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from apps.episodes.video import encode_jpeg
from apps.episodes.video.picture import encode_thumbnail, upright_rgb
from apps.episodes.video.source import opened
from tests.apps.episodes.video.conftest import picture

PATCHES = np.array(
    [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [255, 255, 255],
        [0, 0, 0],
        [200, 120, 40],
        [30, 90, 150],
        [128] * 3,
    ],
    np.uint8,
)
SIDE = 32
TOLERANCE = 6  # of 255: 4:2:0, 8 bits and quantization at the best quality


def card(height: int) -> np.ndarray:
    """Patches side by side, (height, 256, 3)."""
    return np.repeat(np.repeat(PATCHES[None], SIDE, axis=1), height, axis=0)


def patches(rgb: np.ndarray) -> np.ndarray:
    """The color in the middle of each patch."""
    return rgb[rgb.shape[0] // 2, SIDE // 2 :: SIDE].astype(int)


def one_picture(
    path: Path, rgb: np.ndarray, codec: str, pix_fmt: str, matrix: Colorspace, span: ColorRange, tagged: bool
) -> Path:
    """A video of one picture in the given color form; an untagged file does not say which."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options={"crf": "1", "qscale": "1"})
        stream.height, stream.width = rgb.shape[:2]
        stream.pix_fmt = pix_fmt
        if tagged:
            stream.codec_context.colorspace = {Colorspace.ITU709: 1, Colorspace.ITU601: 6}[matrix]
            stream.codec_context.color_range = span
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame = frame.reformat(format=pix_fmt, dst_colorspace=matrix, dst_color_range=span)
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


LIMITED, FULL = ColorRange.MPEG, ColorRange.JPEG


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "matrix", "span", "tagged", "height"),
    [
        ("libx264", "yuv420p", Colorspace.ITU601, LIMITED, True, 64),
        ("libx264", "yuv420p", Colorspace.ITU709, LIMITED, True, 64),
        ("libx264", "yuv420p", Colorspace.ITU601, LIMITED, False, 64),
        ("libx264", "yuv420p", Colorspace.ITU709, LIMITED, False, 720),
        ("libx264", "yuv420p", Colorspace.ITU709, FULL, True, 64),
        ("libx264", "yuvj420p", Colorspace.ITU601, FULL, True, 64),
        ("libx264", "yuv444p", Colorspace.ITU709, LIMITED, True, 64),
        ("libsvtav1", "yuv420p10le", Colorspace.ITU709, LIMITED, True, 64),
        ("libsvtav1", "yuv420p", Colorspace.ITU709, LIMITED, True, 64),
        ("libsvtav1", "yuv420p10le", Colorspace.ITU601, LIMITED, True, 64),
    ],
)
def test_colors_come_back(
    codec: str, pix_fmt: str, matrix: Colorspace, span: ColorRange, tagged: bool, height: int, tmp_path: Path
) -> None:
    path = one_picture(tmp_path / "card.mp4", card(height), codec, pix_fmt, matrix, span, tagged)

    with opened(path) as source:
        rgb = upright_rgb(next(source.frames()))

    assert np.abs(patches(rgb) - PATCHES).max() <= TOLERANCE


def test_motion_jpeg_is_full_range_bt601(tmp_path: Path) -> None:
    path = one_picture(
        tmp_path / "c.avi", card(64), "mjpeg", "yuvj444p", Colorspace.ITU601, FULL, tagged=False
    )

    with opened(path) as source:
        rgb = upright_rgb(next(source.frames()))

    assert np.abs(patches(rgb) - PATCHES).max() <= TOLERANCE


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_all_eight_orientations(degrees: int, mirrored: bool, tmp_path: Path) -> None:
    upright = np.zeros((64, 96, 3), np.uint8)
    upright[:32, :48], upright[:32, 48:], upright[32:, :48] = PATCHES[0], PATCHES[1], PATCHES[2]
    stored = np.ascontiguousarray(np.rot90(upright, degrees // 90)[:, :: -1 if mirrored else 1])
    with av.open(str(tmp_path / "turned.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "1"})
        stream.height, stream.width, stream.pix_fmt = *stored.shape[:2], "yuv420p"
        stream.set_display_matrix(display_matrix(degrees, mirrored, *stored.shape[:2]))
        container.mux(stream.encode(av.VideoFrame.from_ndarray(stored, format="rgb24")))
        container.mux(stream.encode())

    with opened(tmp_path / "turned.mp4") as source:
        rgb = upright_rgb(next(source.frames()))

    assert rgb.shape == upright.shape
    assert np.abs(rgb[16::32, 24::48].astype(int) - upright[16::32, 24::48]).max() <= TOLERANCE


def display_matrix(degrees: int, mirrored: bool, height: int, width: int) -> list[int]:
    """ISO 14496-12: (x, y, 1) times the matrix; first the mirror in the stored picture, then the turn."""
    sine, cosine = {0: (0, 1), 90: (1, 0), 180: (0, -1), 270: (-1, 0)}[degrees]
    flip = -1 if mirrored else 1
    one = 1 << 16
    return [flip * cosine * one, flip * sine * one, 0, -sine * one, cosine * one, 0, 0, 0, 1 << 30]


def test_jpeg_bytes_are_the_same_each_time_and_quality_90() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (241, 321, 3), np.uint8)
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])

    assert encode_jpeg(rgb) == encode_jpeg(rgb.copy())
    assert encode_jpeg(rgb) == cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def test_jpeg_keeps_red_red() -> None:
    red = np.full((32, 32, 3), (250, 10, 10), np.uint8)

    assert np.abs(picture(encode_jpeg(red)).astype(int) - red).max() <= TOLERANCE


@pytest.mark.parametrize(
    ("size", "small"), [((480, 640), (240, 320)), ((640, 480), (320, 240)), ((100, 50), (100, 50))]
)
def test_a_thumbnail_is_at_most_320_long(size: tuple[int, int], small: tuple[int, int]) -> None:
    assert picture(encode_thumbnail(np.zeros((*size, 3), np.uint8))).shape[:2] == small
