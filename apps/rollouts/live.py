"""What is known of the robots that are live in a project; in the cache, for it is over when they leave."""

from typing import Any

from django.core.cache import cache

KEPT_ENTRIES = 300
PRESENCE_SECONDS = 20


def watchers(project_id: int, robot: str) -> str:
    """The group of all that look at a robot."""
    return f"live-{project_id}-{robot}-watch"


def publisher(project_id: int, robot: str) -> str:
    """The group of the one connection that shows a robot."""
    return f"live-{project_id}-{robot}-publish"


def _key(project_id: int, robot: str) -> str:
    return f"live-{project_id}-{robot}"


def robot_here(project_id: int, robot: str, state: dict[str, Any]) -> None:
    """The robot is live, with this state; to be said again before `PRESENCE_SECONDS` are over."""
    cache.set(_key(project_id, robot), state, PRESENCE_SECONDS)
    names = set(cache.get(f"live-{project_id}") or ()) | {robot}
    cache.set(f"live-{project_id}", sorted(names), 24 * 3600)


def robot_gone(project_id: int, robot: str) -> None:
    cache.delete(_key(project_id, robot))


def state_of(project_id: int, robot: str) -> dict[str, Any] | None:
    """What a watcher who comes now has to know; None where the robot is not live."""
    return cache.get(_key(project_id, robot))


def robots_of(project_id: int) -> list[str]:
    """The names of the robots that are live."""
    names = cache.get(f"live-{project_id}") or []
    return [name for name in names if state_of(project_id, name) is not None]
