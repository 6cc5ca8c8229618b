"""The supervisor's settings: one dataclass a table of CONFIG.toml, its defaults the paper's and openpi's."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import numpy as np

from robot.environment import GRIPPERS
from robot.supervisor.gate import Limits

Mode = Literal["shadow", "confirm", "autonomous"]
Method = Literal["vsf", "pmc"]
OnLoss = Literal["continue", "hold"]


class SettingsError(ValueError):
    """Settings that cannot be used; its one sentence names the valid choices."""


@dataclass(frozen=True, slots=True)
class RobotSettings:
    """Where the robot environment is; `token_env` names the environment variable with its token."""

    url: str = "ws://127.0.0.1:8765"
    token_env: str = ""
    lockstep: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """The policy server (openpi). Of each chunk `execute` actions are played (openpi's ALOHA example: 25).

    `deadline` is the seconds an answer may take before the robot holds; `lead` how many actions before a
    chunk's end the next is asked for; `retry` the seconds between tries while it is lost.
    """

    url: str = "ws://127.0.0.1:8000"
    key_env: str = ""
    execute: int = 25
    deadline: float = 0.5
    lead: int = 0
    retry: float = 0.5


@dataclass(frozen=True, slots=True)
class VlmSettings:
    """Any OpenAI-compatible endpoint. `coordinates` says what space the model writes its points in."""

    base_url: str = "http://127.0.0.1:8001/v1"
    model: str = "ViFailback-8B"
    key_env: str = ""
    deadline: float = 2.5
    max_tokens: int = 1024
    temperature: float = 0.0
    coordinates: Literal["normalized", "pixels"] = "normalized"
    prompts: str = ""
    on_loss: OnLoss = "continue"


@dataclass(frozen=True, slots=True)
class CorrectionSettings:
    """How a failure is corrected: by the policy following symbols (vsf) or by a motion to the point (pmc).

    `chunks` of VSF are played one after another; `plan` and `confirm` are the seconds that planning a motion
    and an operator's yes may take; `rewind` is how many seconds going back undoes. `grasp_url` is a GraspNet
    server's, empty for the geometric grasp; `planner` (`module:function`) brings other steps of PMC.
    """

    method: Method = "vsf"
    chunks: int = 2
    plan: float = 2.0
    confirm: float = 30.0
    rewind: float = 2.0
    grasp_url: str = ""
    planner: str = ""


@dataclass(frozen=True, slots=True)
class SupervisorSettings:
    """When the model is asked: every so many executed chunks, about the last `window` seconds at `fps`."""

    mode: Mode = "shadow"
    task: str = ""
    every_chunks: int = 6
    window: float = 5.0
    fps: float = 1.0
    records: str = "records"


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """Where operators connect (empty host: nowhere); `silence` is how long their motion may pause."""

    host: str = "127.0.0.1"
    port: int = 8790
    token_env: str = ""
    silence: float = 0.5


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """The gate's limits: radians (arms) and shares (grippers) a second and a step, seconds of age."""

    age: float = 0.2
    arm_velocity: float = 3.1416
    gripper_velocity: float = 8.0
    arm_step: float = 0.6
    gripper_step: float = 1.0
    refusals: int = 3

    def limits(self) -> Limits:
        """Return the gate's form of them."""
        default = Limits()
        velocity, step = np.empty_like(default.velocity), np.empty_like(default.step)
        velocity[:], step[:] = self.arm_velocity, self.arm_step
        grippers = list(GRIPPERS.values())
        velocity[grippers], step[grippers] = self.gripper_velocity, self.gripper_step
        return Limits(default.low, default.high, velocity, step, self.age)


@dataclass(frozen=True, slots=True)
class Settings:
    """All tables of CONFIG.toml."""

    robot: RobotSettings = RobotSettings()
    policy: PolicySettings = PolicySettings()
    vlm: VlmSettings = VlmSettings()
    supervisor: SupervisorSettings = SupervisorSettings()
    correction: CorrectionSettings = CorrectionSettings()
    operator: OperatorSettings = OperatorSettings()
    limits: LimitSettings = LimitSettings()


_POSITIVE: Final = (
    "execute", "deadline", "retry", "max_tokens", "chunks", "plan", "confirm", "rewind", "every_chunks",
    "window", "fps", "silence", "age", "arm_velocity", "gripper_velocity", "arm_step", "gripper_step",
    "refusals",
)  # fmt: skip


def load_settings(path: Path) -> Settings:
    """Read CONFIG.toml; raises SettingsError on what is no setting, OSError where it cannot be read."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from error
    try:
        return read_settings(raw)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def read_settings(raw: Mapping[str, Any]) -> Settings:
    """Read the tables; what is absent has its default."""
    hints = get_type_hints(Settings)
    _known("the settings", raw, hints)
    settings = Settings(**{name: _table(name, hints[name], table) for name, table in raw.items()})
    if settings.policy.lead >= settings.policy.execute or settings.policy.lead < 0:
        raise SettingsError("policy.lead must be at least 0 and less than policy.execute")
    return settings


def secret(variable: str) -> str:
    """Return what the environment variable of that name holds; of no name it is empty."""
    if not variable:
        return ""
    if not os.environ.get(variable):
        raise SettingsError(f"the environment variable {variable} is not set")
    return os.environ[variable]


def _table(name: str, kind: type[Any], raw: object) -> Any:
    if not isinstance(raw, Mapping):
        raise SettingsError(f"{name} must be a table")
    hints = get_type_hints(kind)
    _known(name, raw, hints)
    values = {key: _value(f"{name}.{key}", hints[key], value) for key, value in raw.items()}
    for key in set(_POSITIVE) & set(values):
        if not values[key] > 0:
            raise SettingsError(f"{name}.{key} must be greater than 0")
    return kind(**values)


def _known(name: str, raw: Mapping[str, Any], names: Mapping[str, Any]) -> None:
    for key in raw:
        if key not in names:
            raise SettingsError(f"{key!r} is no key of {name}; it must be one of {', '.join(names)}")


def _value(name: str, kind: Any, value: object) -> Any:
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise SettingsError(f"{name} is {value!r}; it must be one of {', '.join(get_args(kind))}")
        return value
    wanted = get_origin(kind) or kind
    if wanted is float and type(value) is int:
        value = float(value)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise SettingsError(f"{name} must be a {getattr(wanted, '__name__', wanted).lower()}, not {value!r}")
    return value
