"""Asking a real OpenAI-compatible endpoint, in all its moods."""

import json
import time
import urllib.request

import pytest

from ml.prompts import PackError
from robot.vlm.asking import Asker, Endpoint, Question, VlmLost, jpeg
from tests.robot.pictures import picture
from tests.robot.servers import Peer

QUESTION = Question(tuple(jpeg(picture(n)) for n in range(5)), "Put the cube into the bowl.")


@pytest.fixture(scope="module")
def server():
    with Peer("moody_vlm.py") as peer:
        yield peer


async def ask(server, mood, patience=5.0):
    asker = Asker(Endpoint(f"http://127.0.0.1:{server.port}/v1", mood))
    try:
        return await asker.ask(QUESTION, patience)
    finally:
        await asker.close()


async def test_the_question_has_the_pictures_and_the_task_and_the_answer_is_read(server):
    answer = await ask(server, "failed")
    assert answer.analysis.failed
    assert answer.analysis.errors == []
    assert len(answer.analysis.symbols) == 1
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/asked") as response:
        seen = json.load(response)["seen"]["failed"]
    assert seen["images"] == 5
    assert "Put the cube into the bowl." in seen["text"]
    assert "<image>" not in seen["text"]


@pytest.mark.parametrize(
    ("mood", "said"),
    [("slow", "no answer within 1 s"), ("error", "500|out of memory"), ("html", "no chat completion"),
     ("cut", "127.0.0.1"), ("babble", "longer than|no answer within")],
)  # fmt: skip
async def test_each_bad_mood_is_one_sentence_in_time(server, mood, said):
    start = time.monotonic()
    with pytest.raises(VlmLost, match=said) as caught:
        await ask(server, mood, 1.0)
    assert time.monotonic() - start < 3
    assert "\n" not in str(caught.value)


async def test_a_long_answer_is_read_to_its_end_and_says_nothing(server):
    answer = await ask(server, "long")
    assert len(answer.text) > 100_000
    assert answer.analysis.failed is None


async def test_made_up_codes_are_errors(server):
    answer = await ask(server, "dream")
    assert answer.analysis.failed
    assert answer.analysis.symbols == ()
    assert "out of range" in answer.analysis.errors[0]


async def test_nobody_there_is_one_sentence():
    asker = Asker(Endpoint("http://127.0.0.1:9/v1", "x"))
    with pytest.raises(VlmLost, match="127"):
        await asker.ask(QUESTION, 2)
    await asker.close()


def test_a_wording_that_is_none_is_refused_at_once(tmp_path):
    (tmp_path / "pack.toml").write_text("name = 3")
    with pytest.raises(PackError):
        Asker(Endpoint("http://127.0.0.1:9/v1", "x", prompts=str(tmp_path / "pack.toml")))
