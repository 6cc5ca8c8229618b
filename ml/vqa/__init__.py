"""Annotation records -> VQA data of the 13 question types, its controls, formats and checks."""

from ml.vqa.build import build
from ml.vqa.formats import export
from ml.vqa.importing import import_release
from ml.vqa.lint import Report, lint
from ml.vqa.statistics import charts, read_about, statistics_of
from ml.vqa.streams import DataError, Json, Progress
from ml.vqa.synthesize import synthesize

__all__ = [
    "DataError",
    "Json",
    "Progress",
    "Report",
    "build",
    "charts",
    "export",
    "import_release",
    "lint",
    "read_about",
    "statistics_of",
    "synthesize",
]
