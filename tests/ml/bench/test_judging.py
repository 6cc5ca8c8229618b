"""Judges: what they may say, what is asked again, what is cached, and who is not to be believed."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.bench.__main__ import main
from ml.bench.judge_report import compare_scores, warnings
from ml.bench.judges import ScriptedJudge, family, load_criteria, open_judge, read_score
from ml.bench.judging import JUDGEMENTS, Judgements, JudgePlan, judge_run
from ml.bench.models import ModelOptions
from ml.bench.prices import Price
from ml.bench.rundir import read_lines
from ml.bench.summary import summarize
from tests.ml.bench.conftest import record
from tests.ml.bench.servers import Terminal, say, serving


@contextmanager
def judge_server(say):
    """A chat server on loopback that answers what `say(messages)` returns; yields its URL and the bodies."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body)
            reply = {"choices": [{"message": {"content": say(body["messages"])}, "finish_reason": "stop"}]}
            data = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def judged(vqa, tmp_path):
    """A run with three open-ended answers, two of them equal with equal references; returns its directory."""
    records = [
        record("failure_reason_qa", 1, reply="The gripper slipped."),
        record("failure_reason_qa", 2, reply="The gripper slipped."),
        record("high_level_correction_qa", 3, reply="Grasp the red cube again."),
    ]
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"failure_reason_qa": "It slipped.", "*": "Grasp the cube once more."}))
    out = tmp_path / "run"
    data = vqa(*records)
    assert main(["run", str(data), "--images", ".", "--model", f"scripted:{script}", "--out", str(out)]) == 0
    return out


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.8", 0.8),
        ("Score: 1.0", 1.0),
        ("<think>0.3 or 0.4?</think>0.4", 0.4),
        ("0", 0.0),
        ("1.2", None),
        ("-0.5", None),
        ("85%", None),
        ("0.3 to 0.5", None),
        ("good", None),
        ("", None),
    ],
)
def test_a_score_is_read_or_not_but_never_guessed(text, value):
    assert read_score(text) == value


@given(st.text(max_size=60))
def test_whatever_is_said_a_score_lies_in_the_unit_interval(text):
    value = read_score(text)
    assert value is None or 0 <= value <= 1


@given(st.text(max_size=40), st.text(max_size=40))
async def test_the_scripted_judge_stays_in_the_unit_interval(reference, candidate):
    assert 0 <= await ScriptedJudge().score("high_level", reference, candidate) <= 1


def test_the_scripted_judge_ranks_the_fixture(capsys):
    assert main(["judge-check", "--judge", "scripted"]) == 0
    assert "7 of 7" in capsys.readouterr().out


def test_a_real_judge_that_praises_everything_fails_the_check(capsys):
    with judge_server(lambda messages: "1.0") as (url, asked):
        assert main(["judge-check", "--judge", "openai:kind", "--base-url", url]) == 1
    assert "0 of 7" in capsys.readouterr().out
    assert len(asked) == 21


def test_equal_texts_are_judged_once_and_never_again(judged):
    with judge_server(lambda messages: "0.5") as (url, asked):
        for _ in range(2):
            assert main(["judge", str(judged), "--judge", f"openai:gpt-4o@{url}"]) == 0
    assert len(asked) == 2
    micro = summarize(judged).values["controls"]["main"]["groups"]["hard"]["micro"]
    assert (micro["score"], micro["unjudged"], micro["n"]) == (0.5, 0, 3)


def test_a_score_out_of_range_is_asked_again_with_what_was_wrong(judged):
    def say(messages):
        return "7" if len(messages) == 1 else "0.7"

    with judge_server(say) as (url, asked):
        assert main(["judge", str(judged), "--judge", f"openai:one@{url}"]) == 0
    assert len(asked) == 4
    assert [message["role"] for message in asked[-1]["messages"]] == ["user", "assistant", "user"]
    assert summarize(judged).values["judges"]["judges"]["one"]["mean"] == pytest.approx(0.7)


def test_a_judge_that_never_gives_a_score_leaves_the_answers_unjudged(judged, capsys):
    with judge_server(lambda messages: "very good") as (url, asked):
        assert main(["judge", str(judged), "--judge", f"openai:one@{url}"]) == 1
    assert len(asked) == 6
    assert "no score from 0 to 1 in 3 tries" in capsys.readouterr().err
    micro = summarize(judged).values["controls"]["main"]["groups"]["hard"]["micro"]
    assert (micro["score"], micro["unjudged"]) == (None, 3)


def test_two_judges_their_agreement_and_people(judged, tmp_path, capsys):
    human = tmp_path / "human.json"
    human.write_text(json.dumps({"stack_cups/episode_1/failure_reason_qa": 0.5}))
    with judge_server(lambda messages: "0.5" if "slipped" in messages[0]["content"] else "0.9") as (url, _):
        arguments = ["judge", str(judged), "--judge", "scripted", "--judge", f"openai:gpt-4o@{url}"]
        assert main([*arguments, "--human", str(human), "--drafted-by", "gpt-4o-mini"]) == 0
    report = summarize(judged).values["judges"]
    assert report["judges"]["gpt-4o"]["calibration"]["mean_difference"] == 0
    assert report["pairs"][0]["n"] == 3
    assert report["alpha"] <= 1
    assert report["criteria"]["sha256"] == load_criteria().digest
    assert "of the family that drafted the references" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("gpt-4o", "openai"),
        ("openai/o3-mini", "openai"),
        ("Qwen/Qwen3-VL-8B-Instruct", "qwen"),
        ("ViFailback-8B", "qwen"),
        ("gemini-2.5-pro", "google"),
        ("claude-x", "anthropic"),
        ("some-model", "some"),
    ],
)
def test_families_by_name(name, known):
    assert family(name) == known


def test_a_judge_of_the_answering_family_is_warned_of():
    sentences = warnings(Judgements({"gpt-4o": {}}, {}), "gpt-5")
    assert any("its own family" in sentence for sentence in sentences)
    assert not any("own family" in s for s in warnings(Judgements({"gpt-4o": {}}, {}), "gemini-2.5-pro"))


def test_scores_compared():
    same = compare_scores([(0.1, 0.2), (0.5, 0.6), (0.8, 0.9)])
    assert same["bias"] == pytest.approx(-0.1)
    assert same["pearson"] == pytest.approx(1)
    assert compare_scores([])["n"] == 0


def test_criteria_take_texts_with_braces():
    text = load_criteria().prompt("low_level", "{candidate}", "{reference}")
    assert text.count("{candidate}") == text.count("{reference}") == 1


def test_judgements_cost_what_is_allowed_and_say_so(judged, tmp_path, capsys, monkeypatch):
    prices = tmp_path / "prices.toml"
    prices.write_text('[models."one"]\ninput = 0\noutput = 1e6\n')  # 1.00 a token
    arguments = ["judge", str(judged), "--judge", "one", "--prices", str(prices), "--concurrency", "1"]
    with serving(say("0.5")) as server:
        arguments[3] = f"openai:one@{server.url}"
        assert main(arguments) == 2  # no terminal to ask
        assert not server.asked
        assert "at most 512.00" in capsys.readouterr().err
        monkeypatch.setattr("sys.stdin", Terminal("y\n"))
        assert main(arguments) == 0
        assert len(server.asked) == 2
    assert summarize(judged).values["judges"]["judges"]["one"]["spent"] == {
        "input_tokens": 200,
        "output_tokens": 20,
        "cost": 20.0,
    }


def test_a_judging_stops_at_its_limit(judged, tmp_path):
    price = Price(0.0, 1e6)
    with serving(say("0.5")) as server:
        judge = open_judge(f"openai:one@{server.url}", ModelOptions())
        (said,) = judge_run(
            JudgePlan(judged, [judge], {}, prices={"one": price}, limit_cost=5.0, concurrency=1)
        )
        assert said.startswith("stopped: the judgements have cost 10.00, the limit is 5.00")
        assert len(server.asked) == 1


def test_a_failed_judgement_is_logged_with_what_it_took_and_tried_again(judged):
    with serving(say("splendid")) as server:
        for _ in range(2):
            assert main(["judge", str(judged), "--judge", f"openai:one@{server.url}"]) == 1
        assert len(server.asked) == 2 * 2 * 3
    rows = list(read_lines(judged / JUDGEMENTS))
    assert [(row["score"], row["tokens"]["input"]) for row in rows] == [(None, 300)] * 4
    assert all("splendid" in row["error"] for row in rows)
