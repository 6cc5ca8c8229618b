"""Small benchmarks to run and score; property tests here judge results, not times."""

import json

import pytest
from hypothesis import settings

from ml.bench.items import load_items
from ml.prompts import QuestionType

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SIDES = {"A": "Successful", "B": "Failed"}


def record(tag, number, task="stack cups", reply="B", options=None, answer=None, **more):
    """One VQA record without pictures."""
    episode = f"{task.replace(' ', '_')}/episode_{number}"
    return {
        "messages": [
            {"role": "user", "content": f"Question {number} of {tag}?"},
            {"role": "assistant", "content": reply},
        ],
        "images": [],
        "tag": tag,
        "question_id": f"{episode}/{tag}",
        "episode_id": episode,
        "task": task,
        "options": options,
        "answer": answer,
        "truth": {},
        "seen": True,
        **more,
    }


def detection(number, failed=True, **more):
    """A detection question."""
    answer = "B" if failed else "A"
    tag = QuestionType.FAILURE_DETECTION.value
    return record(tag, number, reply=SIDES[answer], options=SIDES, answer=answer, **more)


@pytest.fixture
def vqa(tmp_path):
    """Write records to a VQA file and return its path."""

    def write(*records, name="vqa.json"):
        path = tmp_path / name
        path.write_text(json.dumps(records))
        return path

    return write


@pytest.fixture
def items(vqa):
    """The items of records."""
    return lambda *records: load_items([vqa(*records)])
