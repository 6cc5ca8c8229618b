import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import agreement, from_raw, parse_command
from ml.vqa import synthesize
from ml.vqa.synthesize import DURATIONS, PAPER_FAILED, folders


def test_at_full_size_the_counts_are_the_papers(tmp_path):
    told = synthesize(5202, 0, tmp_path)
    assert (told["episodes"], told["failed"], told["benchmark_episodes"]) == (5202, PAPER_FAILED, 500)
    records = json.loads((tmp_path / "annotations.json").read_text())
    assert len({record["task"] for record in records}) == 100
    by_folder = Counter(record["video"].split("/")[1] for record in records)
    assert by_folder["stack_cup_cola"] == 250
    assert by_folder["pick_marker_draw_cross_ep2"] == 18
    seconds = [
        int(record["images"][-1].rpartition("/")[2].split(".")[0].split("_")[0]) / 25 for record in records
    ]
    for low, high, count in DURATIONS:
        assert sum(low <= each < high for each in seconds) == pytest.approx(count, rel=0.35)


@given(episodes=st.integers(1, 3000))
def test_any_size_has_exactly_so_many_episodes(episodes):
    rows = folders(episodes)
    assert sum(row.episodes for row in rows) == episodes
    assert all(0 <= row.benchmark <= row.episodes for row in rows)


def test_symbols_do_not_contradict_their_command(annotations):
    for record in json.loads(annotations.read_text()):
        for side, name in (("avoidance", "avoid"), ("correction", "correct")):
            for guidance in record[side]:
                if guidance["low_level"].strip():
                    codes = guidance[f"{name}_keyframe_annotations_code"]
                    command = parse_command(guidance["low_level"])
                    assert agreement([from_raw(code) for code in codes], command).result != "contradicts"
