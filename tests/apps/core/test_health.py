"""Health against the real parts: database and broker run in tests, a worker does not."""

import pytest
from django.test import Client
from pytest_django import Settings

from apps.core import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.2)


def test_without_a_worker_the_site_is_unwell_and_says_so(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {
        "ok": False,
        "unwell": ["worker"],
        "database": "ok",
        "broker": "ok",
        "worker": "down: no worker answered",
    }


def test_without_a_broker_nothing_is_said_of_the_worker(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["unwell"] == ["broker"]
    assert response.json()["worker"].startswith("unknown")


def test_health_can_be_asked_by_anybody_but_not_changed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
