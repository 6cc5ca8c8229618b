"""Releases whose questions are worded by plain functions here, as nobody's pack writes them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from ml.prompts import FAILURE_TYPES, LETTERS

VERBS = ["grasp", "pull", "open", "lift", "push", "drag", "stack", "pour"]
THINGS = [
    "red cup",
    "top drawer",
    "blue bowl",
    "lid",
    "marker",
    "paper box",
    "green duck",
    "stapler",
    "tape's end",
]
STEPS = ["approach the {}.", "grasp the {}", "align with the {}.", "let go of the {}."]


@dataclass(frozen=True)
class Asked:
    """What is true of one question, before anybody words it."""

    folder: str
    images: tuple[str, ...]
    count: int
    task: str
    steps: tuple[str, ...]
    options: tuple[str, ...]
    failure_type: str
    number: int
    frame: int
    pick: int


Wording = Callable[[Asked], str]


def tasks(count: int, rng: random.Random) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Folder -> its description and steps; one in five does not begin or end as the others do."""
    found = {}
    for number in range(count):
        arm, verb, thing, place = (
            rng.choice(["left", "right"]),
            *(rng.choice(x) for x in (VERBS, THINGS, THINGS)),
        )
        text = f"Use the {arm} arm to {verb} the {thing} and put it by the {place} number {number}."
        if number % 5 == 4:
            text = f"{verb.capitalize()} item {number} with the {arm} arm, then fetch the {thing}"
        steps = [f"Make the {arm} arm {rng.choice(STEPS).format(thing)}" for _ in range(rng.randint(2, 5))]
        found[f"task_{number}"] = text, tuple(steps)
    return found


def commands(rng: random.Random) -> tuple[str, ...]:
    arm = rng.choice(["left", "right"])
    pool = [
        "Hold still.",
        f"Open the {arm} gripper.",
        f"Close the {arm} gripper.",
        f"Rotate the {arm} gripper clockwise.",
        f"Move the {arm} gripper to the left slightly and backward.",
        f"Move the {arm} gripper upward, and close the {arm} gripper.",
    ]
    return tuple(rng.sample(pool, 4))


def options(tag: str, steps: tuple[str, ...], count: int, rng: random.Random) -> tuple[str, ...]:
    if "keyframe" in tag:
        return tuple(f"picture no. {n}" for n in rng.sample(range(1, count + 1), min(4, count)))
    if "subtask" in tag:
        return tuple(rng.sample(steps, min(4, len(steps))))
    if "detection" in tag:
        return ("Successful", "Failed")
    return tuple(rng.sample(FAILURE_TYPES, 4)) if "type" in tag else commands(rng)


def release(
    wordings: dict[str, list[Wording]], *, folders: int, episodes: int, extra: set[str], seed: int = 0
):
    """Records in release form behind what is true of each; tags in `extra` show a keyframe once more."""
    rng = random.Random(seed)
    for folder, (task, steps) in tasks(folders, rng).items():
        for episode in range(episodes):
            root = f"annotated_data/{folder}/frames/episode_{episode}_cam_high"
            frames = {25 * n: ".jpg" for n in range(rng.randint(3, 14))}
            last = max(frames)
            avoid, correct = sorted(rng.sample(range(1, last), 2))
            frames |= {
                last + rng.randint(1, 24): ".jpg",
                avoid: "_avoid_keyframe.jpg",
                correct: "_correct_keyframe.jpg",
            }
            sequence = tuple(f"{root}/{frame}{frames[frame]}" for frame in sorted(frames))
            kind = rng.choice(FAILURE_TYPES)
            for tag, phrasings in wordings.items():
                frame = correct if "correct" in tag else avoid
                number = sorted(frames).index(frame) + 1
                images = (*sequence, sequence[number - 1]) if tag in extra else sequence
                asked = Asked(
                    folder, images, len(sequence), task, steps, options(tag, steps, len(sequence), rng),
                    kind, number, frame, rng.randrange(len(phrasings)),
                )  # fmt: skip
                yield asked, record(tag, asked, phrasings[asked.pick])


def record(tag: str, asked: Asked, wording: Wording) -> dict[str, object]:
    messages = [{"role": "user", "content": wording(asked)}, {"role": "assistant", "content": "A"}]
    return {"messages": messages, "images": list(asked.images), "tag": tag}


def lettered(texts: tuple[str, ...], item: str, join: str) -> str:
    return join.join(item.format(letter, text) for letter, text in zip(LETTERS, texts, strict=False))


def numbered(texts: tuple[str, ...], item: str, join: str) -> str:
    return join.join(item.format(number, text) for number, text in enumerate(texts, 1))


I = "<image>"  # noqa: E741
QUOTED_STEP = "'{}. {}'"
JSON_LIKE = (
    "Reply as <Think>...</Think><Answer>{'keyframe': n, {task} as above}</Answer>. Steps: 1. Look. 2. Think."
)

LINES, NEW = "\n- ", "\n"
HEAD = "Frames of one run."
FOUR = "One of four: [A. B. C. D.]\n\n- "
KINDS = "task planning\ngripper state\ngripper 6d-pose\nhuman intervention"


def first(asked: Asked) -> str:
    return I * asked.count


# Images first and all together, tasks in single quotes, options a line each; the authors' order of things.
QUOTED: dict[str, list[Wording]] = {
    "failure_detection_qa": [
        lambda a: (
            f"{first(a)} {HEAD} With the job being '{a.task}', was it brought to an end? "
            "Say only one of these: ['Successful' or 'Failed']."
        )
    ],
    "keyframe_localization_qa": [
        lambda a: (
            f"{first(a)} {HEAD} While the robot was at '{a.task}', pick the frame where things turn bad.\n"
            f"{FOUR}{lettered(a.options, '{}. {}', LINES)}"
        )
    ],
    "subtask_localization_qa": [
        lambda a: (
            f"{first(a)} {HEAD} The job: '{a.task}'. All its parts are "
            f"[{numbered(a.steps, QUOTED_STEP, ', ')}]\n{FOUR}{lettered(a.options, '{}. {}', LINES)}"
        )
    ],
    "failure_type_qa": [
        lambda a: (
            f"{first(a)} {HEAD} The job: '{a.task}'. Which trouble is it?\n{KINDS}\nName one of the four."
        )
    ],
    "low_level_avoidance_qa": [
        lambda a: (
            f"The front is +X.\n\n{first(a)} {HEAD}\n\nThe job: '{a.task}'.\n\n{I} The frame before "
            f"it goes wrong.\n\nIt is filed under '{a.failure_type}'. Advise.\n\n- "
            f"{lettered(a.options, '{}. {}', LINES)}"
        )
    ],
    "cot_correction_code_qa": [
        lambda a: (
            f"{first(a)} {HEAD}\nThe job is to: '{a.task}'.\n\n1. Judge it.\n2. Help the robot from frame "
            f"number {a.number} on.\n{JSON_LIKE}"
        )
    ],
    "failure_reason_qa": [
        lambda a: (
            f"You know robots.\n\n{first(a)} {HEAD}\n\nThe job: '{a.task}'. Why did it fail? (≤ 60 words)"
        )
    ],
}


def inline(asked: Asked) -> str:
    return "\n".join(f"Frame {number}: {I}" for number in range(1, asked.count + 1))


def parts(asked: Asked) -> str:
    return numbered(asked.steps, "{}) {}", "\n")


# Images inline and numbered, other orders, options on one line, several phrasings, frames of the video.
INLINE: dict[str, list[Wording]] = {
    "failure_detection_qa": [
        lambda a: f"Job: {a.task}\n{inline(a)}\nDid it work out? (A) Successful (B) Failed",
        lambda a: f"Was this job done?\n{inline(a)}\nJob: {a.task}\nChoose: (A) Successful (B) Failed",
    ],
    "keyframe_localization_qa": [
        lambda a: (
            f"Job: {a.task}\n{inline(a)}\nAll {a.count} are of one try. Where does it go wrong? "
            f"{lettered(a.options, '({}) {}', ' | ')}"
        )
    ],
    "subtask_localization_qa": [
        lambda a: (
            f"{inline(a)}\nJob: {a.task}\nParts:\n{parts(a)}\nWhich part broke?\n"
            f"{lettered(a.options, '{}: {}', NEW)}\nThink, then say a letter."
        ),
        lambda a: (
            f"{inline(a)}\nName the part that broke of this job: {a.task}\nThe parts are\n{parts(a)}\n"
            f"{lettered(a.options, '{}: {}', NEW)}\nOnly a letter."
        ),
    ],
    "low_level_correction_qa": [
        lambda a: (
            f"{inline(a)}\nThen came this: {I}\nJob: {a.task}\nTrouble: {a.failure_type}\nWhat now?\n"
            f"{lettered(a.options, '{}) {}', NEW)}\nSay a letter."
        )
    ],
    "cot_correction_qa": [
        lambda a: (
            f"Job: {a.task}\n{inline(a)}\nFrom frame {a.frame} of the video on, what now? Use <Answer>."
        ),
        lambda a: (
            f"{inline(a)}\nThe robot was asked: {a.task}\nPlease correct it from frame {a.frame} of the "
            "video on. Use <Answer>."
        ),
    ],
}
