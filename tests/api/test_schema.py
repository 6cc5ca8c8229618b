"""The OpenAPI schema: whole, valid, without a warning, and true about errors."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.api.scene import operations


def test_the_schema_is_generated_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)

    assert "openapi: 3" in out.getvalue()
    assert "warning" not in capsys.readouterr().err.lower()


def test_the_schema_knows_the_whole_api() -> None:
    assert len(operations()) > 40
    assert len({each.name for each in operations()}) == len(operations())
