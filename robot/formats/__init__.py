"""Robot recordings as files: ALOHA HDF5 and LeRobot v2.1 and v3.0, read and written without torch."""

from robot.formats.archive import ArchiveLimits, is_archive, unpack
from robot.formats.find import Found, find
from robot.formats.recording import (
    HEAD_CAMERA,
    ORDERS,
    Camera,
    FormatRejected,
    Order,
    Picture,
    Recording,
    Series,
)

__all__ = [
    "HEAD_CAMERA",
    "ORDERS",
    "ArchiveLimits",
    "Camera",
    "FormatRejected",
    "Found",
    "Order",
    "Picture",
    "Recording",
    "Series",
    "find",
    "is_archive",
    "unpack",
]
