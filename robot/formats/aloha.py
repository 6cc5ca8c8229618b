"""ALOHA HDF5: `observations/{qpos,qvel,effort}`, `action`, `observations/images/<camera>`.

Pictures are raw (rows, height, width, 3), or one JPEG a row: padded with zeros to one length (the table
`compress_len`, one line a camera, says how long each is) or of variable length. Files of this kind state
neither frame rate nor channel order; ours do, as attributes `fps` and `channel_order`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

import cv2
import h5py
import numpy as np
from PIL import Image, UnidentifiedImageError

from robot.formats.recording import (
    ORDERS,
    Camera,
    FormatRejected,
    Picture,
    Recording,
    Series,
    aloha_axes,
    check_extent,
    check_picture,
)

SUFFIXES = (".hdf5", ".h5")
QUANTITIES = {
    "observations/qpos": "position",
    "observations/qvel": "velocity",
    "observations/effort": "effort",
    "action": "action",
}
IMAGES = "observations/images"
MAX_JPEG = 64 * 1024**2
JPEG_QUALITY = 92
Storage = Literal["raw", "jpeg", "vlen"]


def read(path: Path) -> Recording:
    """The recording in a file; frames are read when they are asked for. FormatRejected for other content."""
    with _opened(path) as file:
        cameras = _camera_names(path, file)
        rows = {name: _dataset(path, file, f"{IMAGES}/{name}").shape[0] for name in cameras}
        series = tuple(_series(path, file))
        count = _common(path, {**rows, **{each.quantity: len(each.values) for each in series}})
        return Recording(
            name=path.stem,
            rows=count,
            cameras={name: Camera(partial(_pictures, path, name)) for name in cameras},
            series=series,
            task=_text(file, "task"),
            fps=_fps(file),
            order=next((order for order in ORDERS if order == _text(file, "channel_order")), None),
        )


@contextmanager
def _opened(path: Path) -> Iterator[h5py.File]:
    try:
        file = h5py.File(path, "r")
    except OSError:
        raise FormatRejected(
            f"{path.name} cannot be read as HDF5: it is cut off, or of another kind."
        ) from None
    with file:
        try:
            yield file
        except (OSError, RuntimeError) as problem:  # what h5py says of damaged content
            raise FormatRejected(f"{path.name} is damaged: {problem}.") from None


def _dataset(path: Path, file: h5py.File, name: str) -> h5py.Dataset:
    """A data set whose values lie in this very file: a link could name any file of this machine."""
    place: h5py.Group = file
    for part in name.split("/"):
        if not isinstance(place, h5py.Group) or part not in place:
            raise FormatRejected(f"{path.name} has no {name}.")
        if not isinstance(place.get(part, getlink=True), h5py.HardLink):
            raise FormatRejected(f"{path.name}: {name} is a link, which is not followed.")
        place = place[part]
    if not isinstance(place, h5py.Dataset) or place.is_virtual or place.external:
        raise FormatRejected(f"{path.name}: {name} is no data set of its own.")
    return place


def _camera_names(path: Path, file: h5py.File) -> list[str]:
    images = file.get(IMAGES) if IMAGES.split("/")[0] in file else None
    names = sorted(images) if isinstance(images, h5py.Group) else []
    if not names:
        raise FormatRejected(f"{path.name} has no cameras below {IMAGES}.")
    return names


def _series(path: Path, file: h5py.File) -> Iterator[Series]:
    for place, quantity in QUANTITIES.items():
        if place.split("/")[0] not in file or place not in file:
            continue
        data = _dataset(path, file, place)
        if data.ndim != 2 or data.dtype.kind not in "fiu":
            raise FormatRejected(f"{path.name}: {place} is no table of numbers.")
        check_extent(f"{path.name}: {place}", *data.shape)
        yield Series(quantity, aloha_axes(data.shape[1]), data[:].astype(np.float32))


def _common(path: Path, rows: dict[str, int]) -> int:
    """All cameras and signals have one row a moment: another count would put them out of step."""
    counts = set(rows.values())
    if len(counts) > 1:
        told = ", ".join(f"{name} {count}" for name, count in rows.items())
        raise FormatRejected(f"{path.name} is out of step: it has different numbers of rows ({told}).")
    (count,) = counts
    check_extent(path.name, count)
    return count


def _text(file: h5py.File, name: str) -> str:
    value = file.attrs.get(name, "")
    return value if isinstance(value, str) else ""


def _fps(file: h5py.File) -> float | None:
    value = file.attrs.get("fps")
    good = isinstance(value, (int, float, np.number)) and 0 < float(value) <= 1000
    return float(value) if good else None


def _pictures(path: Path, camera: str) -> Iterator[Picture]:
    with _opened(path) as file:
        data = _dataset(path, file, f"{IMAGES}/{camera}")
        where = f"{path.name}: {camera}"
        if data.ndim == 4 and data.dtype == np.uint8 and data.shape[3] == 3:
            check_picture(where, *data.shape[1:3])
            for row in range(len(data)):
                yield data[row]
        elif _holds_jpeg(data):
            for row in range(len(data)):
                yield _decoded(f"{where}, frame {row}", bytes(data[row]))
        else:
            raise FormatRejected(f"{where} holds neither pictures nor JPEG files.")


def _holds_jpeg(data: h5py.Dataset) -> bool:
    if data.ndim == 2:
        return bool(data.dtype == np.uint8 and data.shape[1] <= MAX_JPEG)
    variable = h5py.check_vlen_dtype(data.dtype)
    return data.ndim == 1 and variable is not None and np.dtype(variable) == np.uint8


def _decoded(where: str, stored: bytes) -> Picture:
    """A JPEG as any viewer shows it. Padding is zeros, and a JPEG ends with another byte."""
    jpeg = stored.rstrip(b"\0")
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as head:  # reads the head only
            check_picture(where, head.height, head.width)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise FormatRejected(f"{where} is no JPEG picture.") from None
    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if shown is None or not jpeg.endswith(b"\xff\xd9"):
        raise FormatRejected(f"{where} is a damaged JPEG picture.")
    return np.ascontiguousarray(shown[..., ::-1].astype(np.uint8, copy=False))


# --- writing ---


def write(path: Path, recording: Recording, storage: Storage = "jpeg", order: str = "rgb") -> None:
    """Write a recording of known fps and channel order; `order` is how the file's pictures are to lie.

    The file is put in place whole. Raises FormatRejected where fps or channel order are not known.
    """
    if not recording.fps:
        raise FormatRejected(f"{recording.name} does not state its frame rate.")
    part = path.with_name(f"{path.name}.part")
    names = {quantity: place for place, quantity in QUANTITIES.items()}
    with h5py.File(part, "w") as file:
        file.attrs.update(
            fps=recording.fps, channel_order=order, task=recording.task, compress=storage != "raw"
        )
        for series in recording.series:
            file.create_dataset(names[series.quantity], data=series.values)
        lengths = [_write_camera(file, recording, name, storage, order) for name in recording.cameras]
        if storage != "raw":
            file.create_dataset("compress_len", data=np.array(lengths, np.int32))
    part.replace(path)


def _write_camera(
    file: h5py.File, recording: Recording, name: str, storage: Storage, order: str
) -> list[int]:
    """Write one camera row by row; the length of each row's JPEG."""
    shown = recording.pictures(name)
    stored = (picture if order == "rgb" else picture[..., ::-1] for picture in shown)
    place = f"{IMAGES}/{name}"
    if storage == "raw":
        _write_raw(file, place, recording.rows, stored)
        return []
    jpegs = [_encoded(picture) for picture in stored]
    lengths = [len(jpeg) for jpeg in jpegs]
    if storage == "vlen":
        data = file.create_dataset(place, (len(jpegs),), h5py.vlen_dtype(np.uint8))
    else:
        width = max(lengths)
        data = file.create_dataset(place, (len(jpegs), width), np.uint8, chunks=(1, width))
        jpegs = [np.pad(jpeg, (0, width - len(jpeg))) for jpeg in jpegs]
    for row, jpeg in enumerate(jpegs):
        data[row] = jpeg
    return lengths


def _write_raw(file: h5py.File, place: str, rows: int, pictures: Iterator[Picture]) -> None:
    data: h5py.Dataset | None = None
    for row, picture in enumerate(pictures):
        if data is None:
            shape = (rows, *picture.shape)
            data = file.create_dataset(place, shape, np.uint8, chunks=(1, *picture.shape))
        data[row] = picture


def _encoded(picture: Picture) -> Picture:
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    done, jpeg = cv2.imencode(".jpg", np.ascontiguousarray(picture[..., ::-1]), options)
    if not done:
        raise ValueError(f"a picture of shape {picture.shape} cannot be written as JPEG")
    return jpeg.reshape(-1).astype(np.uint8, copy=False)
