"""What reviewers say of annotations: verdicts, marks on fields, comments, choices, second looks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.annotation.models import Annotation
from apps.episodes.models import Episode


class Verdict(models.Model):
    """What one reviewer decided on one revision of an annotation. The database refuses one on own work."""

    class Decision(models.TextChoices):
        APPROVE = "approve", "approved"
        SEND_BACK = "send_back", "sent back"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="verdicts")
    revision = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose work it is; kept here for the constraint.",
    )
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    decision = models.CharField(max_length=16, choices=Decision.choices)
    comment = models.TextField(blank=True)
    batch = models.BooleanField(default=False, help_text="Given to many at once.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reviewer=F("author")), name="nobody_judges_own_work")
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.get_decision_display()} {self.annotation}"


class FieldVerdict(models.Model):
    """What one reviewer thinks of one field of a revision; the last word counts."""

    class Mark(models.TextChoices):
        RIGHT = "right", "right"
        WRONG = "wrong", "wrong"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="field_verdicts")
    revision = models.PositiveIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    path = models.CharField(max_length=200, help_text="As in operations, joined by /: events/e1/reason.")
    mark = models.CharField(max_length=8, choices=Mark.choices)
    comment = models.TextField(blank=True)
    created = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "revision", "reviewer", "path"], name="one_mark_a_reviewer_and_field"
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.path}: {self.mark}"


class Comment(models.Model):
    """Words about an annotation, pinned to a frame of a camera, to a field, to both or to nothing."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    text = models.TextField()
    path = models.CharField(max_length=200, blank=True, help_text="As in operations, joined by /.")
    camera = models.CharField(max_length=64, blank=True)
    frame = models.PositiveIntegerField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    resolved = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]


class Resolution(models.Model):
    """Which of several annotations of an episode goes on: one of them, or one merged from them."""

    class Kind(models.TextChoices):
        PICK = "pick", "picked"
        MERGE = "merge", "merged"

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="resolution")
    chosen = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="resolutions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.episode}: {self.chosen}"


class Audit(models.Model):
    """A second look at an approved annotation that chance chose; `erroneous` is None until it was taken."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="audits")
    revision = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    erroneous = models.BooleanField(null=True)
    comment = models.TextField(blank=True)
    drawn = models.DateTimeField(auto_now_add=True)
    decided = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotation", "revision"], name="one_audit_a_revision"),
            models.CheckConstraint(condition=~Q(reviewer=F("author")), name="nobody_audits_own_work"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"second look at {self.annotation}"
