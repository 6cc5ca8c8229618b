"""Keyframe stills with their symbols drawn, by the one renderer of `ml.symbols`."""

from typing import Any

import cv2
import numpy as np

from apps.annotation.checks import without_id
from apps.annotation.document import SIDES, find_event
from apps.annotation.models import Annotation
from apps.core.errors import not_found
from apps.episodes.selectors import head_camera
from apps.episodes.services import still_get
from apps.episodes.storage import blob_read
from apps.episodes.video import encode_jpeg
from ml.symbols import draw, from_raw


def draw_on_still(jpeg: bytes, symbols: list[dict[str, Any]]) -> bytes:
    """The still, a JPEG, with the document's symbols drawn in its own pixels; JPEG again."""
    bgr = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise ValueError("a kept still is no JPEG")
    rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
    return encode_jpeg(draw(rgb, [from_raw(without_id(symbol)) for symbol in symbols]))


def drawn_keyframe(*, annotation: Annotation, event_id: str, side: str) -> bytes:
    """The event's avoidance or correction keyframe with symbols; `not_found` while it is not chosen."""
    event = find_event(annotation.document, event_id)
    if side not in SIDES or event[side]["frame"] is None:
        raise not_found("keyframe")
    still = still_get(camera=head_camera(annotation.episode), number=event[side]["frame"])
    return draw_on_still(blob_read(still.blob), event[side]["symbols"])
