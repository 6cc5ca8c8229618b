"""VQA records for the tests of ml.bench, as `ml.vqa` writes them."""

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]
TYPES = ("task planning", "gripper 6d-pose", "gripper state", "human intervention")


def detection(number: int, failed: bool = True, **fields: Any) -> Json:
    """A failure detection question without pictures."""
    options = {"A": "Failed", "B": "Successful"}
    return record(
        number, "failure_detection_qa", options, "A" if failed else "B", {"failed": failed}, **fields
    )


def failure_type(number: int, right: int = 0, **fields: Any) -> Json:
    """A question for the type of a failure."""
    options = dict(zip("ABCD", TYPES, strict=True))
    truth = {"failure_type": TYPES[right]}
    return record(number, "failure_type_qa", options, "ABCD"[right], truth, **fields)


def reason(number: int, text: str = "The left gripper closed too early.", **fields: Any) -> Json:
    """An open-ended question."""
    return record(number, "failure_reason_qa", None, None, {"text": text}, reply=text, **fields)


def record(
    number: int,
    tag: str,
    options: dict[str, str] | None,
    answer: str | None,
    truth: Json,
    *,
    reply: str | None = None,
    images: tuple[str, ...] = (),
    **fields: Any,
) -> Json:
    """One record; every episode has four of a task's questions."""
    task = f"task_{number % 3}"
    lines = [f"{letter}. {text}" for letter, text in (options or {}).items()]
    prompt = "\n".join(["<image>" * len(images) + f"Question {number}, {tag}?", *lines])
    return {
        "messages": [
            {"role": "user", "content": prompt},
            {"role": "assistant", "content": reply if reply is not None else answer},
        ],
        "images": list(images),
        "tag": tag,
        "question_id": f"{task}/episode_{number // 4}/{tag}/{number}",
        "episode_id": f"{task}/episode_{number // 4}",
        "task": task,
        "seen": number % 3 > 0,
        "options": options,
        "answer": answer,
        "truth": truth,
        **fields,
    }


def write(path: Path, records: list[Json]) -> Path:
    """Write a VQA file."""
    path.write_text(json.dumps(records), encoding="utf-8")
    return path
