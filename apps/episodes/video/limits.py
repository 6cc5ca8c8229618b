"""What a recording may be at most, and the error that says why one was refused."""

from dataclasses import dataclass


class VideoRejected(Exception):  # noqa: N818 - the outcome has this name in the design
    """A recording that is not taken.

    `code` is stable and meant for machines; `sentence` is one sentence for the person who uploaded it.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """The largest recording that is taken: seconds, bytes, pixels a frame, frames."""

    max_seconds: float = 1800.0
    max_bytes: int = 4 * 1024**3
    max_pixels: int = 4096 * 2304
    max_frames: int = 120_000

    def check_bytes(self, size: int) -> None:
        """Raise `VideoRejected` ("too_big") for a file of more than `max_bytes` bytes."""
        if size > self.max_bytes:
            raise VideoRejected(
                "too_big",
                f"The file has {size / 1e6:.2f} MB, and at most {self.max_bytes / 1e6:.2f} MB are taken.",
            )

    def check_picture(self, width: int, height: int) -> None:
        """Raise `VideoRejected` ("too_large") for frames of more than `max_pixels` pixels."""
        if width * height > self.max_pixels:
            raise VideoRejected(
                "too_large",
                f"The video is {width} x {height} = {width * height} pixels, "
                f"and at most {self.max_pixels} are taken.",
            )

    def check_length(self, frames: int, seconds: float) -> None:
        """Raise `VideoRejected` ("too_many_frames", "too_long") for more frames or seconds."""
        if frames > self.max_frames:
            raise VideoRejected(
                "too_many_frames", f"The video has more than the {self.max_frames} frames that are taken."
            )
        if seconds > self.max_seconds:
            raise VideoRejected(
                "too_long",
                f"The video lasts {seconds:.1f} s or more, and at most {self.max_seconds:.1f} s are taken.",
            )
