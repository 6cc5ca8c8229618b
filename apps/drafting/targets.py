"""Which model does what in a project: its own choice, else the site's from the environment."""

from django.conf import settings

from apps.accounts.models import Project
from apps.core.errors import conflict
from apps.drafting.adapters import ADAPTERS, Target
from apps.drafting.models import Adapter, Drafting, ModelChoice, Purpose
from apps.drafting.sealing import unseal
from ml.prompts import DraftingPack, Pack, default_drafting_pack, default_pack, read_drafting_pack, read_pack


def default_model(purpose: str) -> str:
    """The paper's: Qwen2.5-Max divides tasks, Qwen3-VL-235B explains; a proposer has to be named."""
    models = {
        "decompose": settings.DRAFTING_TEXT_MODEL,
        "explain": settings.DRAFTING_VISION_MODEL,
    }
    return models.get(purpose, "")


def default_adapter(purpose: str) -> str:
    """The environment's endpoint or file of answers; without one a template. Nothing proposes unasked."""
    if purpose == Purpose.PROPOSE:
        return "off"
    if settings.DRAFTING_BASE_URL:
        return "openai"
    return "scripted" if settings.DRAFTING_SCRIPT else "template"


def choice_for(project: Project, purpose: str) -> ModelChoice:
    """The project's choice; one that is not saved, with the defaults, where it has none."""
    row = ModelChoice.objects.filter(project=project, purpose=purpose).select_related("endpoint").first()
    return row or ModelChoice(
        project=project,
        purpose=purpose,
        adapter=default_adapter(purpose),
        model=default_model(purpose),
    )


def drafting_of(project: Project) -> Drafting:
    """The project's settings; ones that are not saved, with the defaults, where it has none."""
    return Drafting.objects.filter(project=project).first() or Drafting(project=project)


def target_for(project: Project, purpose: str) -> Target:
    """Where prompts of this purpose go. Raises `no_endpoint`, `key_unreadable`."""
    choice = choice_for(project, purpose)
    target = Target(
        purpose=purpose,
        adapter=choice.adapter,
        model=choice.model or default_model(purpose),
        input_price=choice.input_price,
        output_price=choice.output_price,
        timeout=float(choice.timeout),
        max_tokens=choice.max_tokens,
    )
    return _with_address(target, choice) if choice.adapter == Adapter.OPENAI else target


def model_for(project: Project, purpose: str) -> Target:
    """The same where a model has to be asked. Raises `drafting_off` where the project has chosen none."""
    target = target_for(project, purpose)
    if target.adapter not in ADAPTERS:
        raise conflict("drafting_off", "This project has chosen no language model for this.")
    return target


def _with_address(target: Target, choice: ModelChoice) -> Target:
    if choice.endpoint is not None:
        base_url, key = choice.endpoint.base_url, unseal(choice.endpoint.sealed_key)
    else:
        base_url, key = settings.DRAFTING_BASE_URL, settings.DRAFTING_API_KEY
    if not base_url:
        raise conflict(
            "no_endpoint", "No model endpoint is set for this project; an administrator can set one."
        )
    return Target(**{**vars(target), "base_url": base_url.rstrip("/"), "key": key})


def pack_of(project: Project) -> DraftingPack:
    """The wording of drafts: the project's own over the default."""
    text = drafting_of(project).pack
    return read_drafting_pack(text.encode()) if text else default_drafting_pack()


def questions_of(project: Project) -> Pack:
    """The wording of questions, as models are finetuned on them."""
    text = drafting_of(project).pack
    return read_pack(text.encode(), "the project's pack") if text else default_pack()
