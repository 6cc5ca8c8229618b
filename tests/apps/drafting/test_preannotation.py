"""Stages 1 and 2 proposed by a model: asked as it was finetuned, read strictly, kept as a proposal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from apps.core.errors import AppError
from apps.drafting.contents import parts_of
from apps.drafting.models import Call, Proposal
from apps.drafting.planning import plan_make, plan_request
from apps.drafting.preannotation import proposal_make
from apps.episodes.models import Episode
from tests.apps.drafting.conftest import choose
from tests.apps.drafting.servers import Asked, Step, fail, say, serving
from tests.people import Cast
from tests.work import FRAMES, HEIGHT, SAMPLES, WIDTH, filmed, make_task

pytestmark = pytest.mark.usefixtures("allowed")
ANALYSIS = """<Think>The failure type is 'gripper state'.</Think>
<Answer>
"success detection": "Failed",
"keyframe": "2",
"low level commands": "Move the left gripper upward slightly.",
"visual prompts": "Draw Crosshair: {'position': [500, 500]}"
</Answer>"""


@pytest.fixture
def episode(cast: Cast, film: Callable[[int], Path]) -> Episode:
    return filmed(make_task(cast.project), cam_high=film(FRAMES))


def answer(asked: Asked) -> Step:
    """As a finetuned model answers each of the three questions."""
    if "In which step" in asked.text:
        return say("B")
    return say(ANALYSIS, logprob=-0.1)


def test_three_questions_make_a_proposal(cast: Cast, episode: Episode) -> None:
    with serving(choose=answer) as server:
        choose(cast, server.url, purpose="propose")
        proposal = proposal_make(episode=episode)

    parts = parts_of(proposal.content)
    event = ("events", "p1")
    assert parts["outcome",] == "failed"
    assert parts[*event, "failure_type"] == "gripper state"
    assert parts[*event, "subtask"] == 2
    assert parts[*event, "avoidance", "frame"] == SAMPLES[1]
    assert parts[*event, "correction", "frame"] == SAMPLES[2]
    assert parts[*event, "avoidance", "command"]["arms"][0]["move"][0]["direction"] == "upward"
    symbol = parts[*event, "avoidance", "symbols", "p1-avoidance-1"]
    assert symbol["pos"] == pytest.approx([WIDTH / 2, HEIGHT / 2], abs=1)
    assert (proposal.origin, proposal.source, proposal.calls.count()) == ("model", "vlm", 3)
    assert proposal.uncertainty == pytest.approx(1 - 0.905, abs=0.01)
    assert [len(asked.pictures) for asked in server.asked] == [len(SAMPLES)] * 3
    assert all(asked.body["logprobs"] for asked in server.asked)


def test_a_server_that_cannot_tell_how_sure_it_is_is_asked_without(cast: Cast, episode: Episode) -> None:
    def step(asked: Asked) -> Step:
        return fail(400) if "logprobs" in asked.body else say(ANALYSIS.replace("Failed", "Successful"))

    with serving(choose=step) as server:
        choose(cast, server.url, purpose="propose")
        proposal = proposal_make(episode=episode)

    assert parts_of(proposal.content) == {("outcome",): "successful"}
    assert proposal.uncertainty is None
    assert len(server.asked) == 2
    assert "stream_options" in server.asked[1].body


def test_what_an_annotator_could_not_say_is_passed_over(cast: Cast, episode: Episode) -> None:
    odd = ANALYSIS.replace('"2"', '"9"').replace("left gripper", "third gripper")
    with serving(say(odd)) as server:
        choose(cast, server.url, purpose="propose")
        proposal = proposal_make(episode=episode)

    assert {path[-1] for path in parts_of(proposal.content)} == {"outcome", "failure_type"}


def test_an_answer_that_says_nothing_is_no_proposal(cast: Cast, episode: Episode) -> None:
    with serving(say("I see a robot.")) as server:
        choose(cast, server.url, purpose="propose")
        with pytest.raises(AppError, match="does not say whether the robot failed"):
            proposal_make(episode=episode)

    assert not Proposal.objects.exists()
    assert Call.objects.get().state == "failed"


def test_a_project_without_a_proposer_asks_nobody(cast: Cast, episode: Episode) -> None:
    with pytest.raises(AppError, match="chosen no language model"):
        proposal_make(episode=episode)


def test_a_task_is_divided_by_a_model(cast: Cast) -> None:
    task = make_task(cast.project, subtasks=[])
    with serving(fail(500), say('{"subtasks": ["Grasp the cup.", "Lift it."]}')) as server:
        choose(cast, server.url, purpose="decompose")
        plan = plan_request(task=task, by=cast.ada)
        assert plan.is_wanted
        plan_make(plan=plan)

    plan.refresh_from_db()
    assert (plan.drafted, plan.is_wanted, plan.problem) == (["Grasp the cup.", "Lift it."], False, "")
    assert plan.call is not None
    assert plan.call.retries == 1
    assert task.description in server.asked[0].text
    task.refresh_from_db()
    assert task.subtasks == []


def test_a_task_that_could_not_be_divided_says_why(cast: Cast) -> None:
    with serving(say("no")) as server:
        choose(cast, server.url, purpose="decompose")
        plan = plan_request(task=make_task(cast.project), by=cast.ada)
        plan_make(plan=plan)

    plan.refresh_from_db()
    assert not plan.is_wanted
    assert plan.problem == "The model's answer is not in the form that was asked for."


def test_answers_from_a_file(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    script = tmp_path / "answers.json"
    settings.DRAFTING_SCRIPT = str(script)
    task = make_task(cast.project)

    def planned(text: str) -> tuple[list[str], str]:
        script.write_text(text)
        plan = plan_request(task=task, by=cast.ada)
        plan_make(plan=plan)
        plan.refresh_from_db()
        return plan.drafted, plan.problem

    answers = [{"contains": "wipe_board", "answer": json.dumps({"subtasks": ["Wipe."]})}]
    assert planned(json.dumps(answers)) == (["Wipe."], "")
    assert planned('[{"trouble": "The model is asleep."}]')[1] == "The model is asleep."
    assert planned('[{"purpose": "explain", "answer": "x"}]')[1] == "The file of answers has none for this."
    assert planned("{")[1] == "The file of answers cannot be read."
    assert planned('["x"]')[1] == "The file of answers is no list of objects."
