/** What models and robots propose for stages 1 and 2. */

export const proposals = {
  proposals: {
    title: "Proposed",
    help: "Look at the frames first: a proposal may be wrong, and nothing is yours until you take it.",
    origins: {
      model: (source: string) => `by the model ${source}`,
      supervisor: (source: string) => `by the robot's supervisor ${source}`,
      simulator: (source: string) => `by the simulator ${source}`,
    },
    parts: { outcome: "Outcome", subtask: "Subtask", failure_type: "Type", command: "Command", symbols: "Symbol" },
    keyframe: (side: string) => `${side} keyframe`,
    take: "Take it",
    refuse: "No",
    look: "Show the frame",
    wrong: "This proposal was wrong on purpose, to see whether people look. It was not taken: please decide yourself.",
  },
};
