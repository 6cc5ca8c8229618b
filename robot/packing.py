"""Messages of the openpi policy protocol and of our environment wire: msgpack with numpy arrays in it.

An array is `{b"__ndarray__": True, b"data": bytes, b"dtype": str, b"shape": tuple}`, a numpy scalar
`{b"__npgeneric__": True, b"data", b"dtype"}` (openpi-client 0.1). Nothing is unpickled: object and void
arrays are refused both ways.
"""

from __future__ import annotations

import math
from typing import Any, Final

import msgpack
import numpy as np

_KINDS: Final = frozenset("biufSU")


class PackingError(ValueError):
    """A message that cannot be written or read; its one sentence says why."""


def pack(message: object) -> bytes:
    """Return the bytes of a message of maps, lists, texts, numbers and arrays; raises PackingError."""
    try:
        return bytes(msgpack.packb(message, default=_encode))
    except (TypeError, ValueError, OverflowError) as error:
        raise PackingError(f"a message cannot be written: {error}") from error


def unpack(data: bytes) -> Any:
    """Read a message; its arrays are read-only views. Raises PackingError on anything else."""
    try:
        return msgpack.unpackb(data, object_hook=_decode, strict_map_key=False)
    except (ValueError, TypeError, KeyError, msgpack.UnpackException, RecursionError) as error:
        raise PackingError(f"a message cannot be read: {error}") from error


def _encode(value: object) -> dict[bytes, Any]:
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind not in _KINDS:
        raise TypeError(f"an array of {value.dtype} has no form on the wire")
    if isinstance(value, np.ndarray):
        return {
            b"__ndarray__": True, b"data": value.tobytes(), b"dtype": value.dtype.str, b"shape": value.shape,
        }  # fmt: skip
    if isinstance(value, np.generic):
        return {b"__npgeneric__": True, b"data": value.item(), b"dtype": value.dtype.str}
    raise TypeError(f"{type(value).__name__} has no form on the wire")


def _decode(value: dict[Any, Any]) -> Any:
    if b"__ndarray__" in value:
        return _array(value)
    if b"__npgeneric__" in value:
        return _dtype(value).type(value[b"data"])
    return value


def _array(value: dict[Any, Any]) -> Any:
    dtype, shape, data = _dtype(value), tuple(value[b"shape"]), value[b"data"]
    if any(type(extent) is not int or extent < 0 for extent in shape):
        raise ValueError(f"{shape} is no shape")
    if len(data) != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"{len(data)} bytes are no array of shape {shape} and {dtype}")
    return np.ndarray(shape, dtype, buffer=data)


def _dtype(value: dict[Any, Any]) -> np.dtype[Any]:
    dtype: np.dtype[Any] = np.dtype(value[b"dtype"])
    if dtype.kind not in _KINDS:
        raise ValueError(f"an array of {dtype} is not taken")
    return dtype
