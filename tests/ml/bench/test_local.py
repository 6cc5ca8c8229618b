"""A model in this process: the tiny Qwen3-VL of `ml.finetune`, asked as any other."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from ml.bench.__main__ import main
from ml.bench.errors import BenchError
from ml.bench.items import load_items
from ml.bench.local import TransformersModel
from ml.bench.models import Preparer
from ml.bench.rundir import read_log
from ml.finetune.processor import load_processor
from ml.finetune.tiny import make_tiny
from tests.ml.bench.records import detection, write


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = ["Question 1? Failed Successful A B C D"]
    return make_tiny(tmp_path_factory.mktemp("tiny"), texts, hidden=32, layers=1, vocabulary=300)


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    """Two questions: one of two pictures, one of none."""
    for name, color in (("a.png", "red"), ("b.png", "blue")):
        picture = io.BytesIO()
        Image.new("RGB", (64, 64), color).save(picture, "png")
        (tmp_path / name).write_bytes(picture.getvalue())
    return write(tmp_path / "vqa.json", [detection(1, images=("a.png", "b.png")), detection(5)])


def test_a_run_asks_it_and_keeps_what_it_said(model_dir: Path, benchmark: Path, tmp_path: Path) -> None:
    arguments = ["run", str(benchmark), "--images", str(tmp_path), "--model", f"transformers:{model_dir}"]
    arguments += ["--max-tokens", "4", "--out", str(tmp_path / "run")]
    assert main(arguments) == 0

    rows = list(read_log(tmp_path / "run").values())
    assert [row["status"] for row in rows] == ["answered", "answered"]
    assert all(row["tokens"]["output"] <= 4 for row in rows)
    # 64 x 64 pixels are 2 x 2 merged patches, each a token: eight more than words and marks alone.
    assert rows[0]["tokens"]["input"] >= rows[1]["tokens"]["input"] + 8
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["questions"] == 2


def test_the_answer_is_what_transformers_itself_generates(model_dir: Path, benchmark: Path) -> None:
    """Greedy, with pictures in their order: swapping them changes the input."""
    item = load_items([benchmark])[0]
    model = TransformersModel(str(model_dir), 4)
    prepared = Preparer(benchmark.parent, model).prepare(item)
    inputs = model._inputs(prepared)
    assert "mm_token_type_ids" in inputs
    pixels = inputs["pixel_values"].reshape(2, -1)
    red, blue = (set(row.tolist()) for row in pixels)
    assert len(red) == len(blue) == 2  # one channel at its most, two at their least
    assert pixels[0].ne(pixels[1]).any()

    first, second = (model._answer(prepared) for _ in range(2))

    found = model._model.generate(**inputs, max_new_tokens=4, do_sample=False)
    own = model._processor.tokenizer.decode(
        found[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True
    )
    assert first.text == second.text == own.strip()
    assert first.finish in ("stop", "length")


def test_a_processor_without_token_types_is_refused_loudly(
    model_dir: Path, benchmark: Path, tmp_path: Path
) -> None:
    """Without them a model silently answers worse; a question without pictures needs none."""

    class Lacking:
        def __init__(self) -> None:
            self._whole = load_processor(str(model_dir))
            self.tokenizer = self._whole.tokenizer
            self.apply_chat_template = self._whole.apply_chat_template

        def __call__(self, **given: object) -> object:
            inputs = self._whole(**given)
            inputs.pop("mm_token_type_ids", None)
            return inputs

    model = TransformersModel(str(model_dir), 4, processor=Lacking())
    with_pictures, without = (Preparer(tmp_path, model).prepare(item) for item in load_items([benchmark]))

    with pytest.raises(ValueError, match="mm_token_type_ids"):
        model._answer(with_pictures)
    assert model._answer(without).output_tokens <= 4


def test_a_folder_that_holds_no_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="cannot be loaded") as refused:
        TransformersModel(str(tmp_path), 4)
    assert "\n" not in str(refused.value)
