/** Robots' own recordings, on the project's page. */

export const recordings = {
  recordings: {
    folder: "Choose a folder",
    hint: "Robots' recordings too: ALOHA files (.hdf5), LeRobot data sets as a folder, .zip or .tar.",
    longName: (path: string) => `This path is too long to be sent: ${path}`,
    looking: "Looking into it …",
    order: "In which picture are the colors right?",
    asOrder: (order: string): string => (order === "rgb" ? "Taken as RGB" : "Taken as BGR"),
    fps: "Frames a second",
    head: "Head camera",
    task: "Task",
    ownTask: "As the recordings say",
    begin: "Import",
    facts: (rows: number, fps: number | null, cameras: number, task: string) =>
      [`${rows} frames`, fps === null ? "" : `${fps} a second`, `${cameras} cameras`, task].filter(Boolean).join(", "),
    importing: "Importing …",
    done: "Done.",
    remove: "Remove from this list",
  },
};
