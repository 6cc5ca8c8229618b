"""An export says of each keyframe whether its symbols and its command agree, and lists what contradicts."""

from pathlib import Path
from typing import Any

import pytest

from apps.accounts.models import Project
from tests.apps.releases.exporting import export, read
from tests.people import Cast
from tests.work import FRAMES, decide, failed, filmed, make_task, op, put, submitted

RIGHT = {"id": "s1", "type": "move_arrow", "start": [20, 30], "end": [90, 30], "colors": ["green"]}
OPEN = {"id": "s2", "type": "state", "pos": [50, 50], "text": "ON"}


def moving(direction: str, **rest: str) -> dict[str, Any]:
    return {"hold": False, "arms": [{"arm": "left", "move": [{"direction": direction}], **rest}]}


def export_with(cast: Cast, film: Any, folder: Path, command: Any, *symbols: dict[str, Any]) -> Path:
    """The release of one failure whose avoidance keyframe has these; its correction has no command."""
    side = ("events", "e1", "avoidance")
    operations = [
        *failed(),
        op("remove_symbol", *side, "symbols", "s1"),
        put(*side, "command", value=command),
    ]
    operations += [op("put_symbol", *side, "symbols", value=symbol) for symbol in symbols]
    episode = filmed(make_task(cast.project), cam_high=film(FRAMES))
    decide(submitted(episode, cast.ann, operations), cast.rita)
    export(folder)
    return folder


def avoidance_in(tree: Path) -> tuple[str, list[str]]:
    side = read(tree, "events.json")[0]["events"][0]["avoidance"]
    return side["agreement"], side["contradictions"]


def test_what_contradicts_is_said_at_the_keyframe_and_listed_for_the_release(
    cast: Cast, film: Any, tmp_path: Path
) -> None:
    tree = export_with(cast, film, tmp_path / "release", moving("left", grasp="close"), RIGHT, OPEN)

    result, messages = avoidance_in(tree)
    assert result == "contradicts"
    assert len(messages) == 2
    assert "right" in messages[0]
    assert "open" in messages[1]
    assert read(tree, "release.json")["contradictions"] == {
        "count": 2,
        "list": [
            {"task": "wipe_board", "episode": 0, "event": "e1", "side": "avoidance", "message": message}
            for message in messages
        ],
    }


@pytest.mark.parametrize(("symbols", "result"), [((RIGHT,), "agrees"), ((), "undetermined")])
def test_what_agrees_or_is_undetermined_is_said_and_not_listed(
    cast: Cast, film: Any, tmp_path: Path, symbols: tuple[dict[str, Any], ...], result: str
) -> None:
    tree = export_with(cast, film, tmp_path / "release", moving("right"), *symbols)

    assert avoidance_in(tree) == (result, [])
    assert read(tree, "release.json")["contradictions"] == {"count": 0, "list": []}


def test_where_there_is_no_command_there_is_nothing_to_agree_with(
    cast: Cast, film: Any, tmp_path: Path
) -> None:
    tree = export_with(cast, film, tmp_path / "release", moving("right"), RIGHT)

    correction = read(tree, "events.json")[0]["events"][0]["correction"]
    assert (correction["command"], correction["agreement"], correction["contradictions"]) == (None, None, [])


def test_the_projects_view_says_which_way_an_arrow_points(cast: Cast, film: Any, tmp_path: Path) -> None:
    """A camera that faces the robot sees its left on the right."""
    facing = {"forward": "down", "left": "right", "up": "up"}
    Project.objects.filter(pk=cast.project.pk).update(embodiment={**cast.project.embodiment, "view": facing})

    tree = export_with(cast, film, tmp_path / "release", moving("left"), RIGHT)

    assert avoidance_in(tree) == ("agrees", [])
