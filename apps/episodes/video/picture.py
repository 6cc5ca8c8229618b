"""From a decoded frame to the picture that people and models see: color, orientation, JPEG."""

import struct

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import Type as SideData
from av.video.reformatter import ColorRange, Colorspace

Picture = npt.NDArray[np.uint8]

STILL_QUALITY = 90
THUMBNAIL_QUALITY = 85
THUMBNAIL_SIDE = 320
UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED of ITU-T H.273
HD_HEIGHT = 720  # browsers take untagged video of at least this height for BT.709, and for BT.601 below
UPRIGHT = (1, 0, 0, 1)


def upright_rgb(frame: av.VideoFrame) -> Picture:
    """The frame as a browser shows it: (height, width, 3) uint8, RGB of full range, turned upright."""
    matrix = Colorspace.ITU709 if frame.height >= HD_HEIGHT else Colorspace.ITU601
    full = frame.reformat(
        format="rgb24",
        src_colorspace=matrix if frame.colorspace == UNSPECIFIED else None,
        dst_color_range=ColorRange.JPEG,
    )
    return np.ascontiguousarray(_turned(full.to_ndarray().astype(np.uint8, copy=False), _orientation(frame)))


def rotation(frame: av.VideoFrame) -> int:
    """By how many degrees clockwise the stored picture is turned to be upright: 0, 90, 180 or 270."""
    a, b, _, d = _orientation(frame)
    if a == 0:
        return 90 if b > 0 else 270
    return 180 if d < 0 else 0


def encode_jpeg(rgb: Picture, quality: int = STILL_QUALITY) -> bytes:
    """JPEG bytes of an (height, width, 3) uint8 RGB picture; the same picture gives the same bytes."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    done, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"a picture of shape {rgb.shape} cannot be written as JPEG")
    return jpeg.tobytes()


def encode_thumbnail(rgb: Picture) -> bytes:
    """JPEG bytes of the picture made smaller, its longest side 320 pixels; a small picture keeps its size."""
    height, width = rgb.shape[:2]
    scale = min(1.0, THUMBNAIL_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return encode_jpeg(small.astype(np.uint8), THUMBNAIL_QUALITY)


def _orientation(frame: av.VideoFrame) -> tuple[int, int, int, int]:
    """Signs of the display matrix ((a, b), (c, d)), which takes (x, y) to (a x + c y, b x + d y)."""
    side_data = frame.side_data.get(SideData.DISPLAYMATRIX)  # type: ignore[call-overload]
    if side_data is None:
        return UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(side_data))
    if abs(b) > abs(a):
        return 0, _sign(b), _sign(c), 0
    return _sign(a), 0, 0, _sign(d)


def _sign(value: int) -> int:
    return -1 if value < 0 else 1


def _turned(rgb: Picture, orientation: tuple[int, int, int, int]) -> Picture:
    a, b, c, d = orientation
    if a == 0:
        rgb = rgb.transpose(1, 0, 2)
    return rgb[:: b + d, :: a + c]
