"""The canonical text of a low-level command, as the release writes it."""

from __future__ import annotations

from collections.abc import Sequence

from ml.symbols.commands import ArmCommand, Command, Move


def command_text(command: Command, arms: Sequence[str] = ()) -> str:
    """Return the command's one sentence: its arms, joined by `; `, each with move, rotate, grasp.

    Arms named in `arms` come first and in that order, the others as the command has them: a command that was
    read is already in the order of its profile. Within a move the axes are y, x, z.
    """
    if command.hold:
        return "Hold still."
    parts = sorted(command.arms, key=lambda part: [*arms, part.arm].index(part.arm))
    sentence = "; ".join(_arm_text(part) for part in parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _arm_text(part: ArmCommand) -> str:
    gripper = f"the {part.arm} gripper"
    if part.hold:
        return f"hold {gripper} still"
    if part.back:
        return f"move {gripper} back to its previous pose"
    clauses = []
    if part.move:
        clauses.append(f"move {gripper} {_listed([_move_text(move) for move in part.move])}")
    if part.rotate:
        clauses.append(f"rotate {gripper} {part.rotate}")
    if part.grasp:
        clauses.append(f"{part.grasp} {gripper}")
    # Always with a comma before the last: "and" alone joins directions, ", and" joins what the arm does.
    return ", ".join([*clauses[:-1], f"and {clauses[-1]}"]) if len(clauses) > 1 else clauses[0]


def _move_text(move: Move) -> str:
    direction = f"to the {move.direction}" if move.direction in ("left", "right") else move.direction
    return f"{direction} {move.magnitude}" if move.magnitude else direction


def _listed(words: list[str]) -> str:
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
