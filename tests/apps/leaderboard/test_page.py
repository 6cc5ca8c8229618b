"""The leaderboard's page: rows with intervals and gaps, people beside models, published rows apart."""

import re
from pathlib import Path

import pytest
from django.test import Client

from apps.annotation.models import Annotation
from apps.core.jobs import Job
from apps.episodes.models import Still
from apps.leaderboard.ceiling import project_ceiling
from apps.leaderboard.models import BenchmarkRun
from apps.leaderboard.services import run_request
from apps.leaderboard.tasks import run_benchmark
from apps.releases.models import VqaBuild
from tests.apps.releases.conftest import Reviewed
from tests.work import begin, edit, failed, put, submit


def page(reviewed: Reviewed, who: str = "ada", **post: object) -> str:
    client = Client()
    client.force_login(reviewed.cast.everybody()[who])
    address = f"/projects/{reviewed.cast.project.slug}/leaderboard/"
    if post:
        client.post(f"{address}run/", post)
    return client.get(address).content.decode()


def second_opinion(reviewed: Reviewed, *more: dict[str, object]) -> Annotation:
    """ben annotates the failure too: as ann did, and then these edits."""
    annotation = edit(begin(reviewed.failure.episode, reviewed.cast.ben), *failed(avoid=5, correct=7), *more)
    return submit(annotation)


def test_an_empty_board_says_what_to_do(reviewed: Reviewed) -> None:
    text = page(reviewed)

    assert "No run yet." in text
    assert "Build VQA data on the page of a release first." in text
    assert "no episode has been annotated by two people" in text
    assert text.count('<span class="badge published">') == 17


def test_a_model_asked_from_the_page_stands_there_with_intervals_and_gaps(
    build: VqaBuild, reviewed: Reviewed
) -> None:
    text = page(
        reviewed, vqa=build.pk, model="always-failed", groups=["lite"], limit_cost="1",
        controls=["keyframe_free", "text_only", "last_frame", "rotations"],
    )  # fmt: skip
    run = BenchmarkRun.objects.get()
    assert f'data-job="/api/v1/benchmark-runs/{run.pk}/"' in text

    run_benchmark(run.pk)

    text = page(reviewed)
    assert "Lite, keyframe-free" in text
    row = re.search(r'<th scope="row">always-failed.*?</tr>', text, re.DOTALL)
    assert row
    assert re.search(r"<b>\d+\.\d</b> <small class=\"muted\">\[\d+\.\d, \d+\.\d\]</small>", row[0])
    assert row[0].count("<progress") == 3
    assert row[0].count(">0.0</td>") >= 2  # a baseline that sees nothing gains nothing from pictures


def test_who_only_looks_sees_the_rows_and_no_form(build: VqaBuild, reviewed: Reviewed) -> None:
    run = run_request(build=build, by=reviewed.cast.ada, model="random", groups=["lite"])
    run_benchmark(run.pk)

    text = page(reviewed, "ann")

    assert '<th scope="row">random' in text
    assert "run-ask" not in text
    assert "Hand in a run" not in text


@pytest.mark.parametrize(("who", "status"), [("ann", 403), ("mallory", 404)])
def test_who_may_not_is_told_so(build: VqaBuild, reviewed: Reviewed, who: str, status: int) -> None:
    client = Client()
    client.force_login(reviewed.cast.everybody()[who])
    here = f"/projects/{reviewed.cast.project.slug}/leaderboard/"
    run = run_request(build=build, by=reviewed.cast.ada, model="random", groups=["lite"])

    for address in (f"{here}run/", f"{here}import/", f"/benchmark-runs/{run.pk}/again/",
                    f"/benchmark-runs/{run.pk}/delete/"):  # fmt: skip
        assert client.post(address).status_code == status, address
    assert client.get(here).status_code == (200 if status == 403 else 404)
    assert BenchmarkRun.objects.count() == 1


def test_a_run_that_asks_for_leave_has_a_form_that_gives_it(build: VqaBuild, reviewed: Reviewed) -> None:
    run = run_request(build=build, by=reviewed.cast.ada, model="random", groups=["lite"])
    BenchmarkRun.objects.filter(pk=run.pk).update(state=Job.State.ASKING, problem="It costs.")
    client = Client()
    client.force_login(reviewed.cast.ada)
    assert "Spend up to" in page(reviewed)

    client.post(f"/benchmark-runs/{run.pk}/again/", {"limit_cost": "2.5"})

    run.refresh_from_db()
    assert (run.state, run.options["limit_cost"], run.options["unpriced"]) == ("queued", 2.5, True)


def test_bad_input_is_a_sentence_on_the_page(build: VqaBuild, reviewed: Reviewed) -> None:
    text = page(reviewed, vqa="x", model="random", groups=["lite"])
    assert 'class="alert error"' in text
    text = page(reviewed, vqa=build.pk, model="gpt-9", groups=["lite"])
    assert "There is no model named gpt-9 here." in text


def test_two_people_who_agree_are_a_ceiling_of_one(reviewed: Reviewed) -> None:
    assert project_ceiling(reviewed.cast.project) is None
    second_opinion(reviewed)

    found = project_ceiling(reviewed.cast.project)

    assert (found["pairs"], found["episodes"]) == (1, 1)
    assert {
        name: figure["value"] for name, figure in found["figures"].items() if name != "onset_seconds"
    } == {
        **dict.fromkeys(found["figures"].keys() - {"onset_seconds", "code_distance"}, 1.0),
        "code_distance": 0.0,
    }
    assert found["figures"]["onset_seconds"]["value"] == 0.0
    assert 0 < found["figures"]["lite"]["wilson"]["low"] < 1


def test_where_they_differ_the_question_is_lost_and_the_page_shows_it(reviewed: Reviewed) -> None:
    second_opinion(reviewed, put("events", "e1", "failure_type", value="task planning"))

    figures = project_ceiling(reviewed.cast.project)["figures"]

    assert figures["failure_type_qa"]["value"] == 0.0
    assert figures["subtask_localization_qa"]["value"] == 1.0
    text = page(reviewed)
    assert "1 pair of annotations" in text
    assert re.search(r'<th scope="row">Type</th><td class="num"><b>0\.0</b>', text)


def test_what_is_not_handed_in_is_no_opinion(reviewed: Reviewed) -> None:
    edit(begin(reviewed.failure.episode, reviewed.cast.ben), *failed())

    assert project_ceiling(reviewed.cast.project) is None


def test_the_page_decodes_and_keeps_no_picture(reviewed: Reviewed, tmp_path: Path) -> None:
    second_opinion(reviewed, put("events", "e1", "avoidance", "frame", value=3))
    before = Still.objects.count()

    page(reviewed)

    assert Still.objects.count() == before
