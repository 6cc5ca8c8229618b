"""The models that a run may ask: those of endpoints that whoever runs the site has set, and the baselines."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from apps.core.errors import invalid
from ml.bench.baselines import BASELINES
from ml.bench.models import chargeable
from ml.bench.prices import Price


@dataclass(frozen=True)
class Endpoint:
    """One model of an OpenAI-compatible server, or a baseline, which has no address. The key is not shown."""

    name: str
    spec: str
    base_url: str = ""
    key: str = ""
    price: Price | None = None

    @property
    def unpriced(self) -> bool:
        """Whether somebody may charge at a price that is not known."""
        return self.price is None and chargeable(self.spec, self.base_url or None)


def endpoints() -> Iterator[Endpoint]:
    """All of them: those of `BENCH_ENDPOINTS`, a model at a time, then the baselines."""
    for raw in settings.BENCH_ENDPOINTS:
        price = Price(float(raw["input"]), float(raw["output"])) if "input" in raw else None
        for model in raw["models"]:
            name = f"{raw['name']}: {model}"
            yield Endpoint(name, f"openai:{model}", raw["base_url"], raw.get("key", ""), price)
    yield from (Endpoint(name, name) for name in BASELINES)


def endpoint_named(name: str) -> Endpoint:
    found = next((each for each in endpoints() if each.name == name), None)
    if found is None:
        raise invalid(f"There is no model named {name} here.", code="no_such_model")
    return found
