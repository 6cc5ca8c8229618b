"""What a model is shown and told, from what a person has annotated so far."""

from collections.abc import Iterator
from typing import Any

from apps.annotation.checks import chosen_subtask
from apps.annotation.document import SIDES, find_event
from apps.annotation.drawing import drawn_keyframe
from apps.annotation.guidance import Guidance, read_guidance
from apps.annotation.models import Annotation
from apps.drafting.adapters import Prompt
from apps.drafting.targets import pack_of
from apps.episodes.models import Episode, Still, Task
from apps.episodes.selectors import head_camera
from apps.episodes.storage import blob_read
from ml.prompts import DraftingPack
from ml.symbols import Size, print_codes, to_normalized


def decompose_prompt(task: Task) -> Prompt:
    """Stage 0: a task's description, to be divided into subtasks."""
    pack = pack_of(task.project)
    user = pack.text("decompose", "user", task=task.description)
    return Prompt(pack.text("decompose", "system"), (user,), pack.label)


def explain_prompt(annotation: Annotation, event_id: str) -> Prompt:
    """Stage 3: every fact of one failure, the samples, and the keyframes with their symbols drawn."""
    pack = pack_of(annotation.episode.project)
    event = find_event(annotation.document, event_id)
    parts = (
        _opening(pack, annotation, event),
        *_samples(pack, annotation.episode),
        *(part for side in SIDES for part in _keyframe(pack, annotation, event, side)),
        pack.text("explain", "closing"),
    )
    return Prompt(pack.text("explain", "system"), parts, pack.label)


def samples_of(episode: Episode) -> list[Still]:
    """The sampled stills of the head camera, in order."""
    stills = head_camera(episode).stills.filter(is_sample=True).select_related("blob")
    return list(stills.order_by("number"))


def _opening(pack: DraftingPack, annotation: Annotation, event: dict[str, Any]) -> str:
    told = annotation.told
    listed = "\n".join(f"{number}. {text}" for number, text in enumerate(told["subtasks"], 1))
    return pack.text(
        "explain",
        "opening",
        task=told["description"],
        subtasks=listed or "(not divided into subtasks)",
        facts="\n".join(f"- {fact}" for fact in _facts(annotation, event)),
        sample_count=str(len(samples_of(annotation.episode))),
    )


def _facts(annotation: Annotation, event: dict[str, Any]) -> Iterator[str]:
    """What stages 1 and 2 say in words, and what the person has written already."""
    types = {each["id"]: each for each in annotation.taxonomy.content["failure_types"]}
    if kind := types.get(event["failure_type"]):
        yield f"Kind of failure: {kind['id']}. {kind.get('help', '')}".rstrip()
    if step := chosen_subtask(event, annotation.told["subtasks"]):
        yield f"The failed subtask: {event['subtask']}. {step}"
    written = {
        "The person wrote as the reason": event["reason"],
        "The person wrote on avoidance": event["avoidance"]["high_level"],
        "The person wrote on correction": event["correction"]["high_level"],
        "The person's note": annotation.document["note"],
    }
    yield from (f"{what}: {text}" for what, text in written.items() if text.strip())


def _samples(pack: DraftingPack, episode: Episode) -> Iterator[str | bytes]:
    for still in samples_of(episode):
        yield pack.text("explain", "sample", frame=str(still.number), seconds=f"{still.seconds:.1f}")
        yield blob_read(still.blob)


def _keyframe(
    pack: DraftingPack, annotation: Annotation, event: dict[str, Any], side: str
) -> Iterator[str | bytes]:
    """Nothing while the keyframe is not chosen."""
    frame = event[side]["frame"]
    if frame is None:
        return
    guidance = read_guidance(event[side], annotation.episode.project)
    yield pack.text(
        "explain",
        side,
        frame=str(frame),
        command=guidance.low_level or "none",
        symbols=_codes(guidance, annotation.episode) or "none",
    )
    yield drawn_keyframe(annotation=annotation, event_id=event["id"], side=side)


def _codes(guidance: Guidance, episode: Episode) -> str:
    camera = head_camera(episode)
    size = Size(camera.width, camera.height)
    return print_codes(to_normalized(symbol, size) for symbol in guidance.symbols)
