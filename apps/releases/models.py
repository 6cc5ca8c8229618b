"""Releases: immutable versions of a project's approved annotations."""

from django.conf import settings
from django.db import models

from apps.accounts.models import Project
from apps.annotation.models import Annotation
from apps.core.jobs import Job
from apps.episodes.models import Blob


class Release(models.Model):
    """A version: it names annotation revisions. The same annotations give the same version again."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="releases")
    version = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of all that it says but its version.")
    counts = models.JSONField()
    about = models.JSONField(default=dict, help_text="release.json but version, hashes and files.")
    archive = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    problem = models.TextField(blank=True, help_text="Why packing the archive failed.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="release_version"),
            models.UniqueConstraint(fields=["project", "fingerprint"], name="release_content_once"),
        ]
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.project} v{self.version}"


class ReleaseItem(models.Model):
    """An annotation revision that a release holds."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="items")
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT)
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "annotation"], name="annotation_once_in_release")
        ]

    def __str__(self) -> str:
        return f"{self.annotation} r{self.revision}"


class VqaBuild(Job):
    """VQA data of a release, made by `ml.vqa` with these options; the same options are the same build."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="vqa_builds")
    options = models.JSONField(help_text="seed, controls, formats, and the texts of templates and split.")
    key = models.CharField(max_length=64, help_text="SHA-256 of the options.")
    archive = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict, help_text="What build.json says.")
    lint = models.JSONField(default=dict)
    charts = models.JSONField(default=dict, help_text="Title to label to number, as in the data card.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "key"], name="vqa_build_of_options_once")]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"VQA data {self.pk} of {self.release}"
