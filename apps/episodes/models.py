"""Tasks, episodes, their cameras, and the content-addressed files behind them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Project


class Blob(models.Model):
    """One immutable file, named by the SHA-256 of its bytes; shared by all that have the same content."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    suffix = models.CharField(max_length=8)
    size = models.BigIntegerField()

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> str:
        """Where it lies in the storage."""
        return f"blobs/{self.sha256[:2]}/{self.sha256}{self.suffix}"


class Upload(models.Model):
    """A file that arrived and belongs to no episode yet."""

    id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=255)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """What the robot was asked to do. Its identity across releases is the description, not the name."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    name = models.CharField(max_length=80)
    description = models.TextField()
    subtasks = models.JSONField(default=list)
    next_number = models.PositiveIntegerField(default=0)
    priority = models.SmallIntegerField(default=0, help_text="Higher comes first in the queue.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="task_name_in_project")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Episode(models.Model):
    """One recorded attempt at a task. Its number counts within the task and is never used again."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "uploaded"
        INGESTING = "ingesting", "ingesting"
        READY = "ready", "ready"
        REJECTED = "rejected", "rejected"
        WITHDRAWN = "withdrawn", "withdrawn"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="episodes")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="episodes")
    number = models.PositiveIntegerField()
    stem = models.CharField(max_length=255)
    state = models.CharField(max_length=16, choices=State.choices, default=State.UPLOADED)
    rejection = models.TextField(blank=True)
    progress = models.FloatField(default=0.0)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often ingest was begun.")
    source_sha256 = models.CharField(max_length=64)
    signals = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    priority = models.SmallIntegerField(default=0, help_text="Higher comes first in the queue.")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="assigned_episodes"
    )
    draw = models.FloatField(
        default=0.0, help_text="From 0 to 1, by its content: below a share, it is in it."
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="episode_number_in_task"),
            models.UniqueConstraint(
                fields=["project", "source_sha256"],
                condition=~Q(state__in=["rejected", "withdrawn"]),
                name="content_once_in_project",
            ),
        ]
        ordering = ["task__name", "number"]

    def __str__(self) -> str:
        return f"{self.task} episode {self.number}"


class Camera(models.Model):
    """One camera's recording of an episode. Sizes are upright pixels; the index maps frames to times.

    All its files are None once the episode is withdrawn.
    """

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(max_length=64)
    is_head = models.BooleanField()
    source = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    proxy = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    index = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    codec = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=8, blank=True, help_text="Of the source's container.")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    fps = models.FloatField(default=0.0)
    frame_count = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0, help_text="From the first frame to the last.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "name"], name="camera_in_episode")]
        ordering = ["-is_head", "name"]

    def __str__(self) -> str:
        return self.name


class Still(models.Model):
    """The exact JPEG of one frame: the bytes that annotators, models and releases all see."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="stills")
    number = models.PositiveIntegerField()
    seconds = models.FloatField()
    is_sample = models.BooleanField(default=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["camera", "number"], name="still_of_frame")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"frame {self.number}"
