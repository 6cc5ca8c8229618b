"""Prompt texts and the readers of what models answer; shared by data, benchmark, drafting and robot."""

from ml.prompts.analysis import Analysis, read_analysis
from ml.prompts.answers import Blocks, Choice, Unread, read_blocks, read_choice
from ml.prompts.drafting import (
    TEXTS,
    DraftingPack,
    RefusedError,
    UnreadableError,
    clean,
    default_drafting_pack,
    read_drafting_pack,
    read_subtasks,
    read_texts,
)
from ml.prompts.questions import (
    FAILED,
    FAILURE_TYPES,
    GROUP_OF,
    GROUPS,
    LETTERS,
    SUCCESSFUL,
    Group,
    QuestionType,
)
from ml.prompts.templates import IMAGE, Pack, PackError, Template, Values, default_pack, load_pack, read_pack

__all__ = [
    "FAILED",
    "FAILURE_TYPES",
    "GROUPS",
    "GROUP_OF",
    "IMAGE",
    "LETTERS",
    "SUCCESSFUL",
    "TEXTS",
    "Analysis",
    "Blocks",
    "Choice",
    "DraftingPack",
    "Group",
    "Pack",
    "PackError",
    "QuestionType",
    "RefusedError",
    "Template",
    "Unread",
    "UnreadableError",
    "Values",
    "clean",
    "default_drafting_pack",
    "default_pack",
    "load_pack",
    "read_analysis",
    "read_blocks",
    "read_choice",
    "read_drafting_pack",
    "read_pack",
    "read_subtasks",
    "read_texts",
]
