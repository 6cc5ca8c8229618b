import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.vqa.annotation import Episode
from ml.vqa.frames import Still
from ml.vqa.split import SplitPlan, load_plan, split
from ml.vqa.streams import DataError
from ml.vqa.survey import Survey

TASKS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6)), min_size=1, max_size=14).filter(
    lambda tasks: any(map(sum, tasks))
)
PLANS = st.builds(SplitPlan, st.floats(0, 0.9), st.floats(0, 0.9), st.booleans())


def episodes_of(tasks):
    """Of each task so many failures and successes, in two folders."""
    return [
        Episode(
            f"t{task}_ep{n % 2}/episode_{n}",
            f"t{task}_ep{n % 2}",
            f"Task {task}.",
            n < failed,
            (Still("0.jpg", 0, None),),
        )
        for task, (failed, successful) in enumerate(tasks)
        for n in range(failed + successful)
    ]


def surveyed(episodes, seed=0):
    survey = Survey(seed)
    for episode in episodes:
        survey.add(episode)
    return survey


@given(tasks=TASKS, plan=PLANS, seed=st.integers(0, 99))
@settings(max_examples=150)
def test_no_task_that_is_held_out_ever_trains_and_seen_says_so(tasks, plan, seed):
    episodes = episodes_of(tasks)
    parted = split(surveyed(episodes, seed), plan)
    trained = {each.task for each in episodes if parted.part(each) == "train"}
    for each in episodes:
        assert parted.seen(each) == (each.task in trained)
    assert trained  # something is always left to train on


@given(tasks=TASKS, plan=PLANS)
def test_the_order_of_the_episodes_makes_no_difference(tasks, plan):
    episodes = episodes_of(tasks)
    one, other = split(surveyed(episodes), plan), split(surveyed(episodes[::-1]), plan)
    assert [one.part(each) for each in episodes] == [other.part(each) for each in episodes]


def test_the_shares_are_those_of_the_plan_and_classes_are_balanced():
    episodes = episodes_of([(20, 20)] * 20)
    parted = split(surveyed(episodes), SplitPlan())
    unseen = [each for each in episodes if not parted.seen(each)]
    bench = [each for each in episodes if parted.part(each) == "benchmark" and parted.seen(each)]
    assert len({each.task for each in unseen}) == 1
    assert len(bench) == 76  # a tenth of 19 tasks of 40
    assert sum(each.failed for each in bench) == 38


def test_both_folders_of_an_unseen_task_are_held_out():
    episodes = episodes_of([(6, 0)] * 3)
    parted = split(surveyed(episodes), SplitPlan(unseen=("t1_ep0",)))
    assert {parted.part(each) for each in episodes if each.task == "Task 1."} == {"benchmark"}


def test_a_table_says_how_many_or_which(tmp_path):
    path = tmp_path / "split.toml"
    path.write_text("[benchmark]\nt0_ep0 = 2\nt1_ep1 = [3, 5]\n")
    episodes = episodes_of([(10, 0)] * 2)
    parted = split(surveyed(episodes), load_plan(path))
    bench = [each.id for each in episodes if parted.part(each) == "benchmark"]
    assert sorted(bench)[2:] == ["t1_ep1/episode_3", "t1_ep1/episode_5"]
    assert all(name.startswith("t0_ep0/") for name in sorted(bench)[:2])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("what = ", "no TOML"),
        ("share = 0.1", "share is unknown"),
        ("benchmark_share = 1.5", "less than 1"),
        ("balance = 1", "balance"),
        ('unseen = ["No such task"]', "No such task"),
        ("[benchmark]\nnowhere = 1", "nowhere"),
        ("[benchmark]\nt0_ep0 = 99", "up to 5"),
        ("[benchmark]\nt0_ep0 = [1]", "episode 1"),
    ],
)
def test_a_plan_that_names_what_is_not_there_is_refused(tmp_path, text, part):
    path = tmp_path / "split.toml"
    path.write_text(text)
    with pytest.raises(DataError, match=re.escape(part)):
        split(surveyed(episodes_of([(10, 0)])), load_plan(path))


def test_an_episode_that_comes_twice_is_refused():
    survey = surveyed(episodes_of([(3, 0)]) * 2)
    with pytest.raises(DataError, match="twice"):
        survey.check()
