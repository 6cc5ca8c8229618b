"""Requests to language models, and what they give: drafts of texts, plans of tasks, proposals for episodes.

Nothing here is anybody's annotation: only a person makes a text or a proposal part of one, by an operation.
"""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Project
from apps.annotation.models import Annotation
from apps.episodes.models import Episode, Task


def money(**options: Any) -> models.DecimalField:
    """US dollars or whatever the prices are in; six places, for a token costs little."""
    return models.DecimalField(max_digits=14, decimal_places=6, **options)


class Purpose(models.TextChoices):
    DECOMPOSE = "decompose", "subtasks of a task"
    EXPLAIN = "explain", "texts of a failure"
    PROPOSE = "propose", "proposals for stages 1 and 2"


class Adapter(models.TextChoices):
    OFF = "off", "nothing"
    TEMPLATE = "template", "a template, without a model"
    OPENAI = "openai", "a server that speaks the OpenAI protocol"
    SCRIPTED = "scripted", "answers from a file"


class Endpoint(models.Model):
    """A server that speaks the OpenAI protocol, for one project. Only a site admin says where it is."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="endpoints")
    name = models.CharField(max_length=80)
    base_url = models.URLField(max_length=500)
    sealed_key = models.TextField(blank=True, help_text="Encrypted; see `sealing`.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="endpoint_name_in_project")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Drafting(models.Model):
    """How a project drafts, whichever model does it. A project without a row has the defaults."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="drafting")
    budget = money(null=True, help_text="The most that all calls together may cost; none: no limit.")
    token_budget = models.PositiveBigIntegerField(null=True, help_text="The same in tokens.")
    pack = models.TextField(blank=True, help_text="A template pack of the project's own, as TOML.")
    wrong_share = models.FloatField(default=0.0, help_text="Of proposals that are wrong on purpose, 0 to 1.")
    concurrency = models.PositiveSmallIntegerField(default=4, help_text="Calls of a batch at one time.")

    def __str__(self) -> str:
        return f"drafting in {self.project}"


class ModelChoice(models.Model):
    """Which model does what in a project. Prices are for a million tokens."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="model_choices")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    adapter = models.CharField(max_length=16, choices=Adapter.choices)
    endpoint = models.ForeignKey(Endpoint, null=True, on_delete=models.SET_NULL)
    model = models.CharField(max_length=200, blank=True)
    input_price = money(default=Decimal(0))
    output_price = money(default=Decimal(0))
    timeout = models.FloatField(default=120.0, help_text="Seconds without a word of it.")
    max_tokens = models.PositiveIntegerField(default=1500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "purpose"], name="one_model_a_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.model or self.adapter}"


class Batch(models.Model):
    """Many drafts or proposals asked for at once, made by one worker at a time."""

    class State(models.TextChoices):
        RUNNING = "running", "running"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="batches")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    subjects = models.JSONField(help_text="Numbers of what is made: drafts, or episodes to propose for.")
    problem = models.TextField(blank=True, help_text="The last that went wrong.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    alive_until = models.DateTimeField(null=True, help_text="Renewed by the worker that has it in hand.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="running"), name="one_batch_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}: {self.state}"


class Call(models.Model):
    """One request to a model, tries included. At most one of a content is under way or answered.

    While it is under way `cost` and the tokens are an estimate of the most it can come to, so that a budget
    holds with many at once. A call whose process died is lost: it may have cost that much.
    """

    class State(models.TextChoices):
        SENT = "sent", "under way"
        ANSWERED = "answered", "answered"
        FAILED = "failed", "failed"
        LOST = "lost", "lost"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="calls")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.SENT)
    digest = models.CharField(max_length=64, help_text="SHA-256 of all that makes the answer.")
    adapter = models.CharField(max_length=16)
    provider = models.CharField(max_length=200, blank=True, help_text="The server's name, without its path.")
    model = models.CharField(max_length=200, blank=True)
    prompt_version = models.CharField(max_length=200, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the texts sent.")
    frame_hashes = models.JSONField(default=list, help_text="SHA-256 of each picture sent, in order.")
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    is_estimate = models.BooleanField(default=True, help_text="Whether the tokens are our own count.")
    cost = money(default=Decimal(0))
    retries = models.PositiveSmallIntegerField(default=0)
    latency = models.FloatField(null=True, help_text="Seconds in all, waiting included.")
    answer = models.TextField(blank=True)
    confidence = models.FloatField(null=True, help_text="Mean probability of the answer's tokens, if told.")
    problem = models.TextField(blank=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="calls")
    alive_until = models.DateTimeField(help_text="Renewed by the process that waits for the answer.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "digest"],
                condition=Q(state__in=["sent", "answered"]),
                name="no_answer_is_asked_for_twice",
            )
        ]
        indexes = [models.Index(fields=["project", "digest"])]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.model}: {self.state}"


class Draft(models.Model):
    """Texts proposed for one failure event: `texts` holds reason, avoidance and correction."""

    class State(models.TextChoices):
        REQUESTED = "requested", "requested"
        STREAMING = "streaming", "streaming"
        READY = "ready", "ready"
        FAILED = "failed", "failed"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="drafts")
    event = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(help_text="The annotation's revision that was drafted from.")
    provider = models.CharField(max_length=32, help_text="The adapter that made it.")
    version = models.CharField(max_length=200, help_text="Of the template or the prompt pack.")
    state = models.CharField(max_length=16, choices=State.choices, default=State.REQUESTED)
    texts = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    take = models.PositiveIntegerField(default=0, help_text="Which draft of the event: each is asked anew.")
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="drafts")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.provider} draft for {self.annotation}"


class DraftUse(models.Model):
    """What a person did with one text of a draft; the last word counts."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="uses")
    field = models.CharField(max_length=16)
    accepted = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "field"], name="one_word_a_field")]

    def __str__(self) -> str:
        return f"{self.field}: {'accepted' if self.accepted else 'turned down'}"


class Plan(models.Model):
    """The subtasks of a task as a model or a template drafted them, and as a person approved them."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="plan")
    drafted = models.JSONField(default=list)
    adapter = models.CharField(max_length=16, blank=True)
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="plans")
    is_wanted = models.BooleanField(default=False, help_text="Asked for, and no answer yet.")
    problem = models.TextField(blank=True)
    take = models.PositiveIntegerField(default=0)
    approved = models.JSONField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"plan of {self.task}"


class Proposal(models.Model):
    """What something other than a person says of an episode's stages 1 and 2. See `proposing.propose`."""

    class Origin(models.TextChoices):
        MODEL = "model", "a model"
        SUPERVISOR = "supervisor", "the robot's supervisor"
        SIMULATOR = "simulator", "the simulator"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="proposals")
    origin = models.CharField(max_length=16, choices=Origin.choices)
    source = models.CharField(max_length=200, blank=True, help_text="Which one: a model's name, a run.")
    content = models.JSONField(help_text="A document of the annotation's form, as it is shown.")
    seeded = models.JSONField(default=dict, help_text="Paths made wrong on purpose, with what was proposed.")
    uncertainty = models.FloatField(null=True, help_text="0 sure, 1 no idea; where the origin tells.")
    calls = models.ManyToManyField(Call, related_name="proposals")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "origin", "source"], name="one_proposal_a_source")
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.origin} on {self.episode}"


class Decision(models.Model):
    """What a person did with one part of a proposal. `was_wrong`: the part was wrong on purpose."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="decisions")
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="decisions")
    part = models.CharField(max_length=200, help_text="Its path in the document, joined by /.")
    accepted = models.BooleanField()
    was_wrong = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "annotation", "part"], name="one_decision_a_part")
        ]

    def __str__(self) -> str:
        return f"{self.part}: {'accepted' if self.accepted else 'turned down'}"
