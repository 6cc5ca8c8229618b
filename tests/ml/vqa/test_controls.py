import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ml.prompts import IMAGE, QuestionType
from ml.vqa import build
from ml.vqa.annotation import Episode, Side
from ml.vqa.controls import keyframe_free, shuffled
from ml.vqa.frames import AVOID, CORRECT, Still

Q = QuestionType
GROUPS = ("lite", "hard", "codes")


@st.composite
def episodes(draw, rates=(10, 25, 30, 50)):
    """An episode as the release lists it: samples, last picture, two keyframes that may replace samples."""
    rate = draw(st.sampled_from(rates))
    last = draw(st.integers(rate * 3, rate * 20))
    avoid = draw(st.integers(0, last - 1))
    correct = draw(st.integers(avoid + 1, last))
    names = {frame: "" for frame in [*range(0, last + 1, rate), last]} | {avoid: AVOID, correct: CORRECT}
    stills = [
        Still(f"{frame}_{name}.jpg" if name else f"{frame}.jpg", frame, name or None)
        for frame, name in sorted(names.items())
    ]
    place = {each.frame: number for number, each in enumerate(stills, 1)}
    sides = [Side(place[at], stills[place[at] - 1].path, at) for at in (avoid, correct)]
    episode = Episode(
        "t/episode_1", "t", "Push.", True, tuple(stills), avoidance=sides[0], correction=sides[1]
    )
    return episode, rate, last


@given(made=episodes())
def test_without_keyframes_the_list_is_each_second_and_the_end_and_names_tell_nothing(made):
    episode, rate, last = made
    free, sources = keyframe_free(episode, rate)
    frames = [each.frame for each in free.stills]
    assert frames == sorted({*range(0, last + 1, rate), last})
    assert [path.rpartition("/")[2] for path in free.images] == [
        f"{number:04}.jpg" for number in range(1, len(frames) + 1)
    ]
    assert list(sources) == list(free.images)
    assert [episode.stills[episode.images.index(old)].frame for old in sources.values()] == frames


@given(made=episodes())
def test_a_keyframe_becomes_the_last_sample_up_to_it(made):
    episode, rate, _ = made
    free, _ = keyframe_free(episode, rate)
    for old, new in ((episode.avoidance, free.avoidance), (episode.correction, free.correction)):
        at = free.stills[new.position - 1]
        assert new.path == at.path
        assert at.frame <= old.frame
        later = free.stills[new.position :]
        assert not later or later[0].frame > old.frame


def test_a_rate_that_is_no_whole_number_keeps_its_samples():
    frames = [round(29.97 * second) for second in range(12)]
    stills = [Still(f"{frame}.jpg", frame, None) for frame in frames]
    stills[5] = Still(f"{frames[5]}_{AVOID}.jpg", frames[5], AVOID)  # stands in for its sample
    stills.insert(9, Still(f"{frames[8] + 9}_{CORRECT}.jpg", frames[8] + 9, CORRECT))
    free, _ = keyframe_free(Episode("t/episode_1", "t", "Push.", True, tuple(stills)), None)
    assert [each.frame for each in free.stills] == frames


@given(made=episodes(), seed=st.integers())
def test_shuffling_moves_positions_with_their_pictures(made, seed):
    episode, rate, _ = made
    free, _ = keyframe_free(episode, rate)
    mixed = shuffled(free, seed)
    assert sorted(mixed.images) == sorted(free.images)
    assert mixed.images[mixed.avoidance.position - 1] == free.avoidance.path
    assert replace(mixed, stills=free.stills, avoidance=free.avoidance, correction=free.correction) == free


def test_every_control_has_each_question_of_its_group_once(read):
    for group in GROUPS:
        base = {record["question_id"]: record for record in read(f"benchmark_{group}")}
        for control in ("keyframe_free", "shuffled", "last_frame", "text_only"):
            records = read(f"benchmark_{group}_{control}")
            assert [record["control"]["of"] for record in records] == list(base)
            assert len({record["question_id"] for record in records}) == len(records)
            for record in records:
                of = base[record["control"]["of"]]
                assert record["tag"] == of["tag"]
                assert record["seen"] == of["seen"]
                assert record["messages"][0]["content"].count(IMAGE) == len(record["images"])
                assert not any("keyframe" in path for path in record["images"])


def test_rotating_options_keeps_the_truth_and_shows_it_at_every_letter(read):
    turns = {}
    for record in read("benchmark_lite_rotations"):
        turns.setdefault(record["control"]["of"], []).append(record)
    assert list(turns) == [record["question_id"] for record in read("benchmark_lite")]
    for records in turns.values():
        letters = list(records[0]["options"])
        assert sorted(record["answer"] for record in records) == letters
        assert len({record["options"][record["answer"]] for record in records}) == 1
        assert all(record["truth"] == records[0]["truth"] for record in records)
        assert [record["control"]["variant"] for record in records] == list(range(len(letters)))


def test_the_last_frame_is_the_end_of_the_episode_and_text_has_none(read):
    ends = {
        record["episode_id"]: record["images"][-1]
        for record in read("benchmark_lite_keyframe_free")
        if record["tag"] == Q.FAILURE_DETECTION
    }
    for group in GROUPS:
        for record in read(f"benchmark_{group}_last_frame"):
            assert record["images"] == [ends[record["episode_id"]]]
        assert all(record["images"] == [] for record in read(f"benchmark_{group}_text_only"))


def test_controls_ask_in_the_same_words_but_for_positions(read):
    free = {record["control"]["of"]: record for record in read("benchmark_lite_keyframe_free")}
    for record in read("benchmark_lite"):
        if record["tag"] != Q.KEYFRAME_LOCALIZATION:
            assert free[record["question_id"]]["options"] == record["options"]
    for record in read("benchmark_lite_text_only"):
        whole = free[record["control"]["of"]]["messages"][0]["content"]
        assert record["messages"][0]["content"] == whole.replace(IMAGE, "")


def test_neutral_pictures_are_the_pictures_of_their_samples(annotations, built, tmp_path):
    root = tmp_path / "root"
    for record in json.loads(annotations.read_text()):
        for path in record["images"]:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(path)
    told = build(annotations, images=root, out=tmp_path / "out", seed=7, controls=True)
    assert "episodes that lack pictures" not in told["flags"]
    copies = list((tmp_path / "out/controls/frames").rglob("*.jpg"))
    assert len(copies) > 200
    for copy in copies:
        assert f"/{copy.parent.name}_cam_high/" in copy.read_text()
    named = {path.relative_to(tmp_path / "out").as_posix() for path in copies}
    records = (tmp_path / "out/VQA/controls/ViFailback_VQA_benchmark_lite_shuffled.json").read_text()
    assert all(path in named for each in json.loads(records) for path in each["images"])


def test_a_build_without_controls_writes_none(annotations, tmp_path):
    build(annotations, images=tmp_path, out=tmp_path / "out")
    assert not (tmp_path / "out/VQA/controls").exists()
    assert not (tmp_path / "out/controls").exists()
