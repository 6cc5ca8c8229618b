"""The real adapter against a real model server: `transformers serve` with a tiny Qwen3-VL of noise."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from apps.annotation.models import Annotation
from apps.drafting.adapters import Target, Trouble
from apps.drafting.adapters.openai import stream
from apps.drafting.models import Draft, ModelChoice
from apps.drafting.prompting import explain_prompt
from apps.drafting.services import draft_make, draft_request
from tests.apps.drafting.conftest import choose
from tests.apps.drafting.servers import ANSWER
from tests.e2e.site import ROOT, free_port
from tests.people import Cast
from tests.work import SAMPLES

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("allowed"), pytest.mark.timeout(240)]
PATIENCE = 120.0


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from ml.finetune.tiny import make_tiny  # torch takes seconds, which the quick tests do not have

    return make_tiny(tmp_path_factory.mktemp("tiny") / "model", [ANSWER, "Why did it fail?"], vocabulary=400)


@pytest.fixture(scope="module")
def served(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server that has the model."""
    port, output = free_port(), tmp_path_factory.mktemp("served") / "output.txt"
    command = [sys.executable, "-m", "ml.finetune.serving", str(tiny)]
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
    with output.open("wb") as file:
        process = subprocess.Popen(command + options, env=environment, cwd=ROOT, stdout=file, stderr=file)
    try:
        _await(f"http://127.0.0.1:{port}/health", process, output)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait(10)


def _await(address: str, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, output.read_text()
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(output.read_text())


def test_it_answers_to_texts_and_pictures(annotation: Annotation, served: str, tiny: Path) -> None:
    prompt = explain_prompt(annotation, "e1")
    target = Target("explain", "openai", str(tiny), served, max_tokens=24)

    answer = ""
    with suppress(Trouble):  # noise ends when its tokens are used up
        for piece in stream(prompt, target):
            answer += piece.text

    assert len(prompt.frame_hashes) == len(SAMPLES) + 2
    assert answer


def test_what_noise_says_is_told_to_be_no_answer(
    cast: Cast, annotation: Annotation, served: str, tiny: Path
) -> None:
    choose(cast, served, timeout=60, max_tokens=24)
    ModelChoice.objects.update(model=str(tiny))

    draft = draft_request(annotation=annotation, event_id="e1", by=cast.ann)
    draft_make(draft=draft)

    made = Draft.objects.select_related("call").get(pk=draft.pk)
    assert made.state == "failed"
    assert made.problem in (
        "The model's answer is not in the form that was asked for.",
        "The model used up the tokens that it may write before it was done.",
    )
    assert made.call is not None
    assert (made.call.retries, made.call.model) == (1, str(tiny))
    assert made.call.output_tokens > 1
