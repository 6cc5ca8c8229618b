"""User messages of a release, what their image paths tell, and their images put aside behind marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ml.prompts.templates import IMAGE, ListFormat

IMAGES: Final = "\ue000"
KEYFRAME_IMAGE: Final = "\ue001"
OPTIONS: Final = "\ue002"
TASK: Final = "\ue003"
ANY_MARK: Final = f"[{IMAGES}-{TASK}]"

_KEYFRAME: Final = re.compile(r"(?:^|/)(\d+)_(avoid|correct)_keyframe")
_EPISODE: Final = re.compile(r"^(.*/)?([^/]+)/(?:videos|frames)/(episode_\d+)")


@dataclass(frozen=True, slots=True)
class Message:
    """One user message: its text, its images, and what their paths tell."""

    tag: str
    text: str
    images: tuple[str, ...]
    folder: str
    episode: str
    keyframes: Mapping[str, tuple[int, int]]
    """`avoid` and `correct` -> place in the images (from 1) and frame number."""
    reply: str = ""

    @property
    def repeats_keyframe(self) -> bool:
        """Whether the last image is one of the sequence once more."""
        return len(self.images) > 1 and self.images[-1] in self.images[:-1]


def read_message(record: Mapping[str, Any]) -> Message | None:
    """The user message of a record in release form; None where it has none."""
    texts, replies = _contents(record, "user"), _contents(record, "assistant")
    listed = record.get("images")
    images = tuple(path for path in (listed if isinstance(listed, list) else ()) if isinstance(path, str))
    if not texts:
        return None
    first = images[0] if images else ""
    match = _EPISODE.match(first)
    folder = match[2] if match else first.rpartition("/")[0]
    episode = f"{folder}/{match[3]}" if match else folder
    keyframes = dict(_keyframes(images))
    reply = replies[0] if replies else ""
    return Message(str(record.get("tag", "")), texts[0], images, folder, episode, keyframes, reply)


def _contents(record: Mapping[str, Any], role: str) -> list[str]:
    messages = record.get("messages")
    return [
        message["content"]
        for message in (messages if isinstance(messages, list) else ())
        if isinstance(message, Mapping)
        and message.get("role") == role
        and isinstance(message.get("content"), str)
    ]


def _keyframes(images: Sequence[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """The first of each kind: a picture that is shown once more comes later."""
    found: set[str] = set()
    for place, path in enumerate(images, 1):
        match = _KEYFRAME.search(path)
        if match and match[2] not in found:
            found.add(match[2])
            yield match[2], (place, int(match[1]))


@dataclass(frozen=True, slots=True)
class ImageRun:
    """The longest run of images whose separators are alike: from the first image to behind the last."""

    start: int
    end: int
    count: int
    separator: str  # {next} and {number} stand for the numbers of the image behind and before it


def image_run(text: str) -> ImageRun | None:
    """Find the sequence of images in a text."""
    places = [match.start() for match in re.finditer(re.escape(IMAGE), text)]
    if not places:
        return None
    best = ImageRun(places[0], places[0] + len(IMAGE), 1, "")
    first = 0
    while first < len(places) - best.count:
        run = _run_from(text, places, first)
        best = run if run.count > best.count else best
        first += max(run.count - 1, 1)
    return best


def _run_from(text: str, places: Sequence[int], first: int) -> ImageRun:
    pattern, last = _separator(text, places, first, 1), first + 1
    while last + 1 < len(places) and _separator(text, places, last, last - first + 1) == pattern:
        last += 1
    return ImageRun(places[first], places[last] + len(IMAGE), last - first + 1, pattern)


def _separator(text: str, places: Sequence[int], index: int, number: int) -> str:
    between = text[places[index] + len(IMAGE) : places[index + 1]]
    between = re.sub(rf"(?<!\d){number + 1}(?!\d)", "{next}", between, count=1)
    return re.sub(rf"(?<!\d){number}(?!\d)", "{number}", between, count=1)


def image_format(texts: Sequence[str]) -> ListFormat:
    """How images are listed in these texts, by the separator that most of the long runs have."""
    runs = [(text, run) for text in texts if (run := image_run(text)) and run.count > 1]
    common = Counter(run.separator for _, run in runs).most_common(1)
    if not common:
        return ListFormat(IMAGE, "")
    separator = common[0][0]
    text, run = next((text, run) for text, run in runs if run.separator == separator)
    if "{next}" in separator:
        prefix = common_suffix(separator.replace("{next}", "1"), text[: run.start]).lstrip()
        join = separator[: len(separator.replace("{next}", "1")) - len(prefix)]
        if "{next}" not in join:
            return ListFormat(separator[len(join) :].replace("{next}", "{number}") + IMAGE, join)
    if "{number}" in separator:
        head, _, rest = separator.partition("{number}")
        tail = common_prefix(rest, text[run.end + len(f"{head}{run.count}") :])
        return ListFormat(f"{IMAGE}{head}{{number}}{tail}", rest[len(tail) :])
    return ListFormat(IMAGE, separator)


def common_suffix(one: str, other: str) -> str:
    """The longest text with which both end."""
    return common_prefix(one[::-1], other[::-1])[::-1]


def common_prefix(one: str, other: str) -> str:
    """The longest text with which both begin."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return one[:count]


def mark_images(text: str, form: ListFormat) -> tuple[str, int]:
    """Put marks in place of the images; returns the text and how many images the sequence has."""
    total = text.count(IMAGE)
    for count in range(total, 0, -1):
        block = form.write("number", [{"number": str(n)} for n in range(1, count + 1)])
        if block in text:
            return text.replace(block, IMAGES, 1).replace(IMAGE, KEYFRAME_IMAGE), count
    return text, 0
