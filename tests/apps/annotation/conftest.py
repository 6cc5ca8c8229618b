"""The annotation that most tests begin with."""

import pytest

from apps.annotation.models import Annotation
from tests.people import Cast
from tests.work import begin, edit, make_task, op, ready


@pytest.fixture
def annotation(cast: Cast) -> Annotation:
    """ann's open annotation with one event, e1, at revision 1."""
    return edit(
        begin(ready(make_task(cast.project)), cast.ann), op("add_event", "events", value={"id": "e1"})
    )
