from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "apps.releases"

    def ready(self) -> None:
        from apps.episodes.withdrawal import uses_found_by
        from apps.releases.uses import releases_with

        uses_found_by(releases_with)
