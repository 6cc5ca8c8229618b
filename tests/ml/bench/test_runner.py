"""Runs against a server that answers, refuses, breaks and babbles."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.bench.__main__ import main
from ml.bench.chat import ChatClient, Retry
from ml.bench.errors import BenchError
from ml.bench.items import load_items
from ml.bench.models import OpenAIModel
from ml.bench.prices import Price
from ml.bench.rundir import LOG, locked, read_log
from ml.bench.runner import Outcome, RunPlan, run
from ml.bench.summary import summarize
from tests.ml.bench.records import Json, detection, failure_type, reason, write
from tests.ml.bench.servers import ChatServer, Terminal, cut, fail, page, say, serving, slow

QUICK = Retry(attempts=2, first=0.001, most=0.002)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8BQDwAEgAF/pooBPQAAAABJRU5ErkJggg=="
)


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., Outcome]:
    """Run records against a server in the run directory `run`."""

    def go(server: ChatServer, records: list[Json], model: str = "m", **fields: object) -> Outcome:
        items = load_items([write(tmp_path / "vqa.json", records)])
        plan = RunPlan(items, tmp_path, tmp_path / "run", **fields)
        return run(plan, OpenAIModel(model, ChatClient(server.url), retry=QUICK))

    return go


def log_of(tmp_path: Path) -> dict[int, Json]:
    """The log's rows by the number of the record."""
    return {int(name.rpartition("/")[2]): row for name, row in read_log(tmp_path / "run").items()}


def by_number(steps: dict[int, object]) -> Callable[[str, int], object]:
    return lambda text, before: steps.get(int(text.split()[1].rstrip(",")), say("A"))


def test_no_sample_ends_a_run_and_each_fate_is_counted_apart(ask, tmp_path):
    steps = {
        1: say("The answer is (B)."),
        2: say("I'm sorry, but I can't help with that."),
        3: say("Perhaps A, or perhaps B."),
        4: fail(500, "out of memory"),
        5: cut(b'{"cho'),
        6: page(),
        7: fail(400, "too many pictures"),
        8: say(""),
    }
    with serving(by_number(steps)) as server:
        outcome = ask(server, [detection(n) for n in range(12)])
    assert outcome == Outcome(answered=8, errored=4, reused=0)
    rows = log_of(tmp_path)
    assert {n for n, row in rows.items() if row["status"] == "errored"} == {4, 5, 6, 7}
    assert rows[7]["error"] == "HTTP 400: too many pictures"
    assert rows[7]["attempts"] == 1
    assert rows[4]["attempts"] == 2
    assert [rows[n]["score"] for n in (0, 1, 2, 3, 8)] == [1, 0, 0, 0, 0]
    figure = summarize(tmp_path / "run").values["controls"]["main"]["types"]["failure_detection_qa"]
    assert (figure["n"], figure["errored"], figure["refused"], figure["unparsed"]) == (12, 4, 1, 2)
    assert figure["score"] == pytest.approx(4 / 12)
    assert figure["answered_only"] == pytest.approx(4 / 5)


@pytest.mark.parametrize("make", [detection, reason])
def test_what_the_server_marks_as_refused_is_refused_whatever_its_words(ask, tmp_path, make):
    steps = {0: say(None, refusal="Not this one."), 1: say("A", finish="content_filter")}
    with serving(by_number(steps)) as server:
        ask(server, [make(n) for n in range(3)])
    assert [log_of(tmp_path)[n]["parse"]["status"] for n in range(3)] == ["refused", "refused", "read"]
    (figure,) = summarize(tmp_path / "run").values["controls"]["main"]["types"].values()
    assert figure["refused"] == 2


def test_a_row_says_what_happened(ask, tmp_path):
    with serving(say("A")) as server:
        ask(server, [detection(0)], price=Price(input=2.0, output=10.0))
    (row,) = log_of(tmp_path).values()
    assert len(row["request"]) == 64
    assert (row["answer"], row["finish"], row["score"], row["attempts"]) == ("A", "stop", 1.0, 1)
    assert (row["parse"]["status"], row["parse"]["parsed"]) == ("read", "A")
    assert row["tokens"] == {"input": 100, "output": 10}
    assert row["cost"] == pytest.approx((100 * 2 + 10 * 10) / 1e6)
    assert 0 < row["latency"] < 5


def test_the_request_is_what_the_paper_says(ask, tmp_path):
    (tmp_path / "a.png").write_bytes(PIXEL)
    (tmp_path / "b.jpg").write_bytes(b"second")
    with serving(say("A")) as server:
        ask(server, [detection(0, images=("b.jpg", "a.png"))])
    body = server.asked[0].body
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("m", 0, 2048)
    (message,) = body["messages"]
    second, first, text = message["content"]
    assert second["image_url"]["url"] == "data:image/jpeg;base64," + base64.b64encode(b"second").decode()
    assert first["image_url"]["url"] == "data:image/png;base64," + base64.b64encode(PIXEL).decode()
    assert text["text"].startswith("Question 0")
    assert "<image>" not in json.dumps(body)


@pytest.mark.parametrize("name", ["../outside.png", "link.png", "absent.png", "folder", "/etc/hostname"])
def test_a_picture_that_is_not_below_the_root_is_never_sent(ask, tmp_path, name):
    (tmp_path.parent / "outside.png").write_bytes(PIXEL)
    (tmp_path / "link.png").symlink_to(tmp_path.parent / "outside.png")
    (tmp_path / "folder").mkdir()
    with serving(say("A")) as server:
        outcome = ask(server, [detection(0, images=(name,)), detection(1)])
    assert outcome == Outcome(answered=1, errored=1, reused=0)
    assert [each.text for each in server.asked] == [
        "Question 1, failure_detection_qa?\nA. Failed\nB. Successful"
    ]
    assert repr(name) in log_of(tmp_path)[0]["error"]


def test_no_more_than_the_limit_are_in_flight(ask):
    with serving(slow(0.02, say("A"))) as server:
        ask(server, [detection(n) for n in range(30)], concurrency=5)
    assert server.most_in_flight == 5


def test_what_is_answered_is_never_sent_again_and_errors_are(ask, tmp_path):
    records = [detection(n) for n in range(8)]
    broken = {3: fail(400), 5: fail(400)}
    with serving(by_number(broken)) as server:
        assert ask(server, records) == Outcome(answered=6, errored=2, reused=0)
        before = len(server.asked)
        server.steps = by_number({})
        assert ask(server, records) == Outcome(answered=2, errored=0, reused=6)
        assert [each.text.split()[1] for each in server.asked[before:]] == ["3,", "5,"]
        assert ask(server, records) == Outcome(answered=0, errored=0, reused=8)
        assert len(server.asked) == before + 2
    assert {row["status"] for row in log_of(tmp_path).values()} == {"answered"}


def test_another_picture_under_the_same_name_is_asked_anew(ask, tmp_path):
    for content in (b"one", b"two", b"two"):
        (tmp_path / "a.jpg").write_bytes(content)
        with serving(say("A")) as server:
            outcome = ask(server, [detection(0, images=("a.jpg",))])
    assert outcome.reused == 1
    assert len((tmp_path / "run" / LOG).read_text().splitlines()) == 2


def test_a_torn_line_is_cut_off_and_asked_again(ask, tmp_path):
    records = [detection(n) for n in range(3)]
    with serving(say("A")) as server:
        ask(server, records)
        log = tmp_path / "run" / LOG
        log.write_bytes(log.read_bytes()[:-20])
        assert ask(server, records) == Outcome(answered=1, errored=0, reused=2)
    assert len(log.read_text().splitlines()) == 3
    assert summarize(tmp_path / "run").values["controls"]["main"]["groups"]["lite"]["micro"]["score"] == 1


def test_a_run_keeps_to_its_model_and_its_questions(ask):
    with serving(say("A")) as server:
        ask(server, [detection(0)])
        with pytest.raises(BenchError, match="another model"):
            ask(server, [detection(0)], model="other")
        with pytest.raises(BenchError, match="another questions"):
            ask(server, [detection(0), detection(1)])
        assert len(server.asked) == 1


def test_two_processes_do_not_share_a_run(ask, tmp_path):
    with (
        locked(tmp_path / "run"),
        serving(say("A")) as server,
        pytest.raises(BenchError, match="another process"),
    ):
        ask(server, [detection(0)])


@pytest.mark.parametrize(
    "step",
    [
        say("half of an emoji \ud83d"),
        say("\x00\x1b[31m\u2028"),
        say("A" * 300_000),
        say("<Answer>" * 20_000),
        say('{"keyframe": ' * 5_000),
        say("A", usage={"prompt_tokens": "12", "completion_tokens": [1]}),
        say("A", usage={"prompt_tokens": -1, "completion_tokens": 1e400}),
        say("A", usage=[1]),
        page('{"choices": [{"message": {"content": "A"}, "finish_reason": {"a": []}}]}'),
        page("[" * 100_000),
    ],
    ids=["surrogate", "control", "long", "tags", "json", "words", "infinite", "list", "finish", "nested"],
)
def test_no_answer_however_strange_ends_a_run(ask, step, tmp_path):
    makers = (detection, failure_type, reason)
    with serving(by_number({0: step, 1: step, 2: step})) as server:
        outcome = ask(server, [makers[n % 3](n) for n in range(6)], price=Price(1.0, 1.0))
    assert outcome.answered + outcome.errored == 6
    assert outcome.answered >= 3
    summarize(tmp_path / "run")


def test_nothing_is_sent_without_leave(ask):
    told = []
    with serving(say("A")) as server, pytest.raises(BenchError, match="nothing was asked"):
        ask(
            server,
            [detection(n) for n in range(4)],
            price=Price(1e6, 1e6),
            allow=lambda left: told.append(left),
        )
    assert not server.asked
    (left,) = told
    assert left.questions == 4
    assert left.output_tokens == 4 * 2048
    assert left.cost == left.input_tokens + left.output_tokens


def test_a_run_stops_at_its_limit_and_goes_on_above_it(ask):
    records, price = [detection(n) for n in range(20)], Price(input=0.0, output=100_000.0)  # 1.00 an answer
    with serving(say("A")) as server:
        outcome = ask(server, records, concurrency=1, price=price, limit_cost=5.0)
        assert (outcome.answered, outcome.stopped) == (5, "the answers have cost 5.00, the limit is 5.00")
        outcome = ask(server, records, concurrency=1, price=price, limit_cost=8.0)
        assert (outcome.answered, outcome.reused) == (3, 5)
        outcome = ask(server, records, concurrency=1, price=price)
        assert (outcome.answered, outcome.reused, outcome.stopped) == (12, 8, None)


def test_progress_counts_every_question(ask):
    seen = []
    with serving(by_number({1: fail(400)})) as server:
        ask(server, [detection(n) for n in range(4)], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_yes_at_the_terminal_lifts_the_limit(tmp_path, capsys, monkeypatch):
    (tmp_path / "prices.toml").write_text('[models."m"]\ninput = 0\noutput = 1e6\n')
    write(tmp_path / "vqa.json", [detection(n) for n in range(4)])
    with serving(say("A")) as server:
        arguments = ["run", str(tmp_path / "vqa.json"), "--images", str(tmp_path), "--model", "openai:m"]
        arguments += [
            "--base-url",
            server.url,
            "--prices",
            str(tmp_path / "prices.toml"),
            "--concurrency",
            "1",
        ]
        arguments += ["--out", str(tmp_path / "run")]
        monkeypatch.setattr("sys.stdin", Terminal("n\n"))
        assert main(arguments) == 2
        assert not server.asked
        monkeypatch.setattr("sys.stdin", Terminal("y\n"))
        assert main(arguments) == 0
        assert len(server.asked) == 4
    assert capsys.readouterr().err.count("That is more than 1.00. Go on?") == 2


def test_a_server_elsewhere_without_a_price_is_not_asked_without_leave(tmp_path, capsys):
    write(tmp_path / "vqa.json", [detection(0)])
    arguments = ["run", str(tmp_path / "vqa.json"), "--images", str(tmp_path), "--model", "openai:m"]
    arguments += ["--base-url", "https://example.invalid/v1", "--out", str(tmp_path / "run")]
    assert main(arguments) == 2
    assert "No price is known" in capsys.readouterr().err
    assert read_log(tmp_path / "run") == {}
