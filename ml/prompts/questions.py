"""The thirteen question types: tags, groups, and the words that every wording shares (figures 4 to 9)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class QuestionType(StrEnum):
    """A question type; its value is the `tag` of its records.

    `cot_avoidance_code_qa` is the one tag known from public files; the others are named in its style.
    """

    FAILURE_DETECTION = "failure_detection_qa"
    KEYFRAME_LOCALIZATION = "keyframe_localization_qa"
    SUBTASK_LOCALIZATION = "subtask_localization_qa"
    FAILURE_TYPE = "failure_type_qa"
    LOW_LEVEL_AVOIDANCE = "low_level_avoidance_qa"
    LOW_LEVEL_CORRECTION = "low_level_correction_qa"
    COT_AVOIDANCE = "cot_avoidance_qa"
    COT_CORRECTION = "cot_correction_qa"
    FAILURE_REASON = "failure_reason_qa"
    HIGH_LEVEL_AVOIDANCE = "high_level_avoidance_qa"
    HIGH_LEVEL_CORRECTION = "high_level_correction_qa"
    COT_AVOIDANCE_CODE = "cot_avoidance_code_qa"
    COT_CORRECTION_CODE = "cot_correction_code_qa"


class Group(StrEnum):
    """A part of the benchmark: closed-ended, open-ended, symbol codes."""

    LITE = "lite"
    HARD = "hard"
    CODES = "codes"


_TYPES: Final = tuple(QuestionType)
GROUPS: Final[dict[Group, tuple[QuestionType, ...]]] = {
    Group.LITE: _TYPES[:6],
    Group.HARD: _TYPES[6:11],
    Group.CODES: _TYPES[11:],
}
GROUP_OF: Final[dict[QuestionType, Group]] = {
    kind: group for group, kinds in GROUPS.items() for kind in kinds
}

FAILURE_TYPES: Final = ("task planning", "gripper 6d-pose", "gripper state", "human intervention")
SUCCESSFUL: Final = "Successful"
FAILED: Final = "Failed"
LETTERS: Final = "ABCDEFGH"
