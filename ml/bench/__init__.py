"""A benchmark of failure diagnosis that one can believe: run, judge, score, compare, report."""

from ml.bench.compare import compare_runs
from ml.bench.errors import BenchError
from ml.bench.items import Item, load_items
from ml.bench.judging import JudgePlan, judge_run
from ml.bench.models import Model, ModelOptions, open_model
from ml.bench.runner import Outcome, RunPlan, run, run_async
from ml.bench.summary import Summary, summarize, write_summary

__all__ = [
    "BenchError",
    "Item",
    "JudgePlan",
    "Model",
    "ModelOptions",
    "Outcome",
    "RunPlan",
    "Summary",
    "compare_runs",
    "judge_run",
    "load_items",
    "open_model",
    "run",
    "run_async",
    "summarize",
    "write_summary",
]
