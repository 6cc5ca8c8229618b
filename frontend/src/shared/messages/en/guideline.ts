/** What counts as what, beside every choice. */

export const guideline = {
  guideline: {
    label: "Guideline",
    outcomes: {
      successful: "The task's goal is reached at the end, also after a slip that the robot mended by itself.",
      failed: "The goal is not reached, or only because a person helped.",
      cannot_tell: "The picture does not show it: out of view, cut off, too dark. Say which.",
    },
    keyframes: {
      avoidance: "The last frame at which another motion would still have prevented the failure: just before it begins, not before the mistake is thought of.",
      correction: "A frame after the failure has happened, at which the robot can begin to mend it: the scene is at rest, or at its worst.",
    },
    subtask: "The first subtask whose result is wrong. If one was skipped, that one.",
    types: {
      "task planning": "The plan is wrong, the motion is not: a step left out, the wrong object or the wrong place.",
      "gripper 6d-pose": "The right thing was tried at the wrong place or angle: the gripper stands beside, above or askew of where it has to be.",
      "gripper state": "The gripper stands right but is open or closed at the wrong time, or not far enough.",
      "human intervention": "A person, or their hand, is in the way or changed the scene: nothing the robot planned was wrong.",
    } as Record<string, string>,
    command: "As seen from the robot: forward is away from it. Slightly is up to a finger's width, significantly more than a gripper's width, nothing said lies between.",
    hold: "Holding still is right while something is in the way; going back when the step before has to be done again.",
    symbols: {
      arrow: "Where the end-effector has to go, from where it is to where it should be. Red forward and backward, green left and right, blue up and down.",
      rotate: "Which way the gripper has to turn, seen in the picture. Put it on the gripper.",
      crosshair: "The right object or place, where the wrong one was taken.",
      dual: "The first is to be aligned with the second: gripper and handle, object and goal.",
      on: "The gripper should be open here.",
      off: "The gripper should be closed here.",
      lock: "This holds still.",
      rewind: "This goes back to an earlier pose or place.",
    },
    texts: {
      reason: "What went wrong and why, from what can be seen; two or three sentences.",
      avoidance: "What to do instead from the avoidance keyframe on, so that it does not happen.",
      correction: "What to do from the correction keyframe on, so that the task is still done.",
    },
  },
};
