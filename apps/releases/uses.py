"""Which releases an episode went into, for who withdraws it."""

from typing import Any

from django.urls import reverse

from apps.episodes.models import Episode
from apps.releases.models import Release


def releases_with(episode: Episode) -> list[dict[str, Any]]:
    rows = Release.objects.filter(items__annotation__episode=episode).select_related("project").distinct()
    return [
        {
            "kind": "release",
            "id": release.pk,
            "title": f"v{release.version}",
            "url": reverse("releases", args=(release.project.slug,)),
        }
        for release in rows
    ]
