"""The paper's printed rows, held to what its tables themselves say."""

import pytest

from ml.bench.errors import BenchError
from ml.bench.published import load_published, macro, micro
from ml.prompts import Group

PUBLISHED = load_published()
OURS = "ViFailback-8B"
# Some of their questions went unanswered, so that their averages have another denominator.
UNANSWERED = {"InternVL3-8B", "InternVL3-78B", "Gemini-2.5-Pro"}
BASELINES = [row for row in PUBLISHED.rows if row.model != OURS]
by_model = pytest.mark.parametrize("row", BASELINES, ids=lambda row: row.model)


def test_there_are_seventeen_rows():
    assert len(PUBLISHED.rows) == 17
    assert len({row.model for row in PUBLISHED.rows}) == 17


@pytest.mark.parametrize(
    "row", [row for row in BASELINES if row.model not in UNANSWERED], ids=lambda row: row.model
)
def test_lite_averages_are_micro_averages(row):
    assert micro(row.scores, PUBLISHED.questions, Group.LITE) == pytest.approx(row.lite_average, abs=0.02)


@by_model
def test_hard_averages_follow_from_the_fitted_counts(row):
    assert micro(row.scores, PUBLISHED.questions, Group.HARD) == pytest.approx(row.hard_average, abs=0.02)


@by_model
def test_overall_averages_weigh_by_question(row):
    lite, hard = (
        sum(n for kind, n in PUBLISHED.questions.items() if kind in kinds)
        for kinds in (list(PUBLISHED.questions)[:6], list(PUBLISHED.questions)[6:])
    )
    assert (lite, hard) == (2622, 2192)
    both = (lite * row.lite_average + hard * row.hard_average) / (lite + hard)
    assert both == pytest.approx(row.average, abs=0.02)


def test_the_authors_model_is_neither_micro_nor_macro():
    row = next(row for row in PUBLISHED.rows if row.model == OURS)
    assert row.lite_average == 93.70
    assert micro(row.scores, PUBLISHED.questions, Group.LITE) == pytest.approx(94.09, abs=0.005)
    assert macro(row.scores, Group.LITE) == pytest.approx(94.02, abs=0.005)


def test_unknown_hashes_equal_nothing():
    run = {
        "data_sha256": "",
        "wording_sha256": "",
        "judges": {"judges": {"gpt-4o": {}}, "criteria": {"sha256": ""}},
    }
    assert not PUBLISHED.same_questions(run)
    assert not PUBLISHED.same_judge(run)


def test_another_file_is_refused(tmp_path):
    (tmp_path / "other.toml").write_text("source = 'x'")
    with pytest.raises(BenchError, match="no published rows"):
        load_published(tmp_path / "other.toml")
