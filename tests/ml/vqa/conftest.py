"""Property tests here judge results, not times: a busy machine must not fail them."""

import json

import pytest
from hypothesis import settings

from ml.vqa import build, synthesize

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def annotations(tmp_path_factory):
    """260 annotation records in the paper's proportions; no test may change the file."""
    root = tmp_path_factory.mktemp("annotations")
    synthesize(260, 3, root)
    return root / "annotations.json"


@pytest.fixture(scope="session")
def built(annotations, tmp_path_factory):
    """A build of them with controls; no test may change it."""
    out = tmp_path_factory.mktemp("built")
    build(annotations, images=annotations.parent, out=out, seed=7, controls=True)
    return out


@pytest.fixture(scope="session")
def read(built):
    """Read the records of one file of the build, by the end of its name."""

    def records(ending):
        (path,) = (built / "VQA").rglob(f"ViFailback_VQA_{ending}.json")
        return json.loads(path.read_text(encoding="utf-8"))

    return records
