"""A keyframe's guidance as the symbol domain's own values: what the document says, read."""

from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Project
from apps.annotation.checks import without_id
from ml.symbols import Agreement, Command, Symbol, View, agreement, command_text, from_raw


@dataclass(frozen=True)
class Guidance:
    """The command, if there is one, and the symbols of one keyframe, in source pixels."""

    command: Command | None
    symbols: list[Symbol]
    view: View

    @property
    def low_level(self) -> str:
        """The command's canonical text; empty without one."""
        return command_text(self.command) if self.command else ""

    @property
    def agreement(self) -> Agreement | None:
        """Whether the symbols say what the command says; None without a command to compare them with."""
        return agreement(self.symbols, self.command, self.view) if self.command else None

    @property
    def contradictions(self) -> list[str]:
        """A sentence for each; what is undetermined is nobody's fault and not mentioned."""
        reasons = self.agreement.reasons if self.agreement else ()
        return [reason.message for reason in reasons if reason.result == "contradicts"]


def read_guidance(side: dict[str, Any], project: Project) -> Guidance:
    """`side` is the avoidance or correction part of an event; arms and view are the project's."""
    arms = tuple(project.embodiment["arms"])
    return Guidance(
        command=Command.from_json(side["command"], arms=arms) if side["command"] else None,
        symbols=[from_raw(without_id(symbol)) for symbol in side["symbols"]],
        view=View(**project.embodiment["view"]),
    )
