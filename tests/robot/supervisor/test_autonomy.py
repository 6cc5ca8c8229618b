import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.supervisor.autonomy import (
    FILE,
    Override,
    RecordsError,
    ShadowRun,
    append_record,
    permission,
    read_records,
    upper_bound,
)


def runs(clean, false=0, failed=0, task="t", model="m"):
    counts = [(True, 0)] * clean + [(True, 2)] * false + [(False, 1)] * failed + [(None, 5)]
    return [ShadowRun(task, model, f"r{n}", success, count) for n, (success, count) in enumerate(counts)]


def test_the_bound_is_that_of_the_tables():
    assert upper_bound(0, 30) == pytest.approx(1 - 0.05 ** (1 / 30))
    assert upper_bound(1, 30) == pytest.approx(0.1486, abs=1e-4)
    assert upper_bound(2, 50) == pytest.approx(0.1206, abs=1e-4)
    assert upper_bound(0, 0) == upper_bound(5, 5) == 1.0


@given(st.integers(0, 30), st.integers(0, 60))
def test_more_evidence_never_loosens_the_bound(events, more):
    trials = events + more
    assert upper_bound(events, trials + 1) <= upper_bound(events, trials)
    assert upper_bound(events, trials) >= (events / trials if trials else 0)


def test_thirty_clean_successes_do_and_failures_count_for_nothing():
    assert permission(runs(30), "t", "m").allowed
    assert not permission(runs(28), "t", "m").allowed
    assert not permission(runs(30, false=1), "t", "m").allowed
    assert permission(runs(30, failed=100), "t", "m").allowed
    assert not permission(runs(0, failed=100), "t", "m").allowed
    assert "0 of 28" in permission(runs(28), "t", "m").why


def test_evidence_is_of_one_task_and_one_model():
    assert not permission(runs(30), "t", "other").allowed
    assert not permission(runs(30), "other", "m").allowed


def test_a_rollout_that_is_told_twice_counts_once():
    assert not permission(runs(20) + runs(20), "t", "m").allowed


def test_an_override_is_kept_with_its_name_and_can_be_revoked(tmp_path):
    given_ = Override("t", "m", "Ada", "demo behind glass", "2026-01-01T00:00:00Z")
    append_record(tmp_path, given_)
    append_record(tmp_path, runs(1)[0])
    records = read_records(tmp_path)
    assert records == [given_, runs(1)[0]]
    told = permission(records, "t", "m")
    assert told.allowed
    assert "Ada" in told.why
    append_record(tmp_path, Override("t", "m", "Ada", "over", "2026-01-02T00:00:00Z", revoked=True))
    assert not permission(read_records(tmp_path), "t", "m").allowed


def test_a_line_cut_off_by_a_crash_is_not_counted_and_harms_no_later_one(tmp_path):
    append_record(tmp_path, runs(1)[0])
    with (tmp_path / FILE).open("a") as file:
        file.write('{"kind": "shad')
    assert len(read_records(tmp_path)) == 1
    append_record(tmp_path, runs(2)[1])
    assert len(read_records(tmp_path)) == 2


def test_a_record_of_no_kind_is_an_error_that_names_the_line(tmp_path):
    (tmp_path / FILE).write_text('{"kind": "wish"}\n')
    with pytest.raises(RecordsError, match="line 1"):
        read_records(tmp_path)
