import json
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing here may depend on a hub

COLORS = ("red", "green", "blue", "yellow")
PLACES = {"left": (0.1, 0.4), "right": (0.7, 0.4), "up": (0.4, 0.05), "down": (0.4, 0.7)}
WIDTH, HEIGHT = 128, 96


def draw(path, color, place):
    image = Image.new("RGB", (WIDTH, HEIGHT), (40, 40, 40))
    x, y = PLACES[place]
    box = [x * WIDTH, y * HEIGHT, x * WIDTH + WIDTH * 0.2, y * HEIGHT + HEIGHT * 0.2]
    ImageDraw.Draw(image).rectangle(box, fill=color)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


def record(number, color, place, images):
    question = "<image>" * len(images) + "Which colour moves and where?"
    return {
        "messages": [
            {"role": "user", "content": question},
            {"role": "assistant", "content": f"Move the {color} gripper {place}."},
        ],
        "images": images,
        "tag": "low_level_correction_qa" if number % 2 else "low_level_avoidance_qa",
        "question_id": f"squares/episode_{number}/move",
        "episode_id": f"squares/episode_{number}",
    }


@pytest.fixture(scope="session")
def squares(tmp_path_factory) -> Path:
    """Sixteen samples: a square's color and place, in one picture or two."""
    root = tmp_path_factory.mktemp("squares")
    records = []
    for number in range(16):
        color, place = COLORS[number % 4], list(PLACES)[number // 4]
        images = [f"squares/episode_{number}/{frame}.png" for frame in range(1 + number % 2)]
        for image in images:
            draw(root / image, color, place)
        records.append(record(number, color, place, images))
    (root / "vqa.json").write_text(json.dumps(records))
    return root


@pytest.fixture(scope="session")
def samples(squares):
    from ml.finetune.samples import read_samples

    return read_samples([squares / "vqa.json"], squares)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory, samples) -> Path:
    """The base of noise for the sixteen samples."""
    from ml.finetune.tiny import make_tiny

    texts = [text for each in samples for text in (each.question, each.answer)]
    return make_tiny(tmp_path_factory.mktemp("tiny") / "model", texts, vocabulary=400)
