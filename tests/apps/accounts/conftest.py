"""What the tests of accounts share."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    """Tries are counted in the cache, which outlives a test."""
    cache.clear()
