"""What tests of drafting share: a filmed episode with a failure annotated, and a project with a model."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from apps.annotation.models import Annotation
from apps.drafting.models import Endpoint, ModelChoice
from apps.drafting.sealing import seal
from tests.people import Cast
from tests.work import FRAMES, begin, edit, failed, filmed, make_task

SECRET = "sk-very-secret-0123456789"


@pytest.fixture
def allowed(settings: Settings) -> None:
    """Loopback may be called, and tries follow one another at once."""
    settings.DRAFTING_ALLOW_PRIVATE = True
    settings.DRAFTING_RETRY_SECONDS = 0.01


@pytest.fixture
def annotation(cast: Cast, film: Callable[[int], Path]) -> Annotation:
    """ann's, with a failure of which everything is annotated."""
    episode = filmed(make_task(cast.project), cam_high=film(FRAMES))
    return edit(begin(episode, cast.ann), *failed())


def choose(cast: Cast, url: str, *, purpose: str = "explain", **fields: Any) -> ModelChoice:
    """The project has an endpoint there, with a key, and asks its model for this purpose."""
    endpoint, _ = Endpoint.objects.get_or_create(
        project=cast.project,
        name="lab",
        defaults={"base_url": url, "sealed_key": seal(SECRET), "made_by": cast.ada},
    )
    fields = {"timeout": 1, "input_price": 2, "output_price": 8, **fields}
    return ModelChoice.objects.create(
        project=cast.project, purpose=purpose, adapter="openai", endpoint=endpoint, model="vlm", **fields
    )
