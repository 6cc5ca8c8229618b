"""What happens to episodes, told at once to the pages that look at their project."""

from apps.core.live import project_group, tell
from apps.episodes.models import Episode
from apps.episodes.selectors import episode_json


def announce(episode: Episode) -> None:
    """Send the episode as it is now to everybody who watches its project."""
    tell((project_group(episode.project_id), {"type": "episode", "episode": episode_json(episode)}))
