"""What a project may spend on language models, and what it has spent."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum

from apps.accounts.models import Project
from apps.core.errors import conflict
from apps.drafting.models import Call
from apps.drafting.targets import drafting_of


def require_budget(project: Project, cost: Decimal, tokens: int) -> None:
    """Raises `budget_reached` where a call that may come to this would go beyond what the project set.

    Calls under way count with the most that they can come to.
    """
    limits, spent = drafting_of(project), spent_by(project)
    over_cost = limits.budget is not None and spent.cost + cost > limits.budget
    over_tokens = limits.token_budget is not None and spent.tokens + tokens > limits.token_budget
    if over_cost or over_tokens:
        raise conflict(
            "budget_reached",
            "This project's budget for language models is reached, so no model is asked any more.",
        )


@dataclass(frozen=True)
class Spent:
    cost: Decimal
    tokens: int


def spent_by(project: Project) -> Spent:
    """What all calls of the project cost, with estimates where nobody knows better."""
    sums = Call.objects.filter(project=project).aggregate(
        cost=Sum("cost"), tokens=Sum(F("input_tokens") + F("output_tokens"))
    )
    return Spent(sums["cost"] or Decimal(0), sums["tokens"] or 0)
