"""A reviewed project with VQA data whose benchmark holds its failure."""

from pathlib import Path

import pytest
from pytest_django import Settings

from apps.releases.models import VqaBuild
from apps.releases.services import release_create
from apps.releases.tasks import build_vqa
from apps.releases.vqa import vqa_request
from tests.apps.releases.conftest import Reviewed, made, reviewed

__all__ = ["made", "reviewed"]  # fixtures
SPLIT = "[benchmark]\nwipe_board = 2"


@pytest.fixture(scope="module")
def made_build(made: Reviewed) -> VqaBuild:
    release, _ = release_create(project=made.cast.project, by=made.cast.ada)
    build = vqa_request(release=release, by=made.cast.ada, split=SPLIT)
    build_vqa(build.pk)
    return build


@pytest.fixture
def build(made_build: VqaBuild, reviewed: Reviewed) -> VqaBuild:
    return VqaBuild.objects.select_related("release__project").get(pk=made_build.pk)


@pytest.fixture(autouse=True)
def bench_dir(settings: Settings, tmp_path: Path) -> Path:
    """Where answers are kept while a run goes on: a folder of this test's own."""
    settings.BENCH_DIR = tmp_path / "bench"
    return settings.BENCH_DIR
