// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import type { ComponentType } from "preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { COMMANDS } from "@/annotate/commands";
import { copySymbols, step } from "@/annotate/edits";
import { Diagnose } from "@/annotate/panels/Diagnose";
import { Explain } from "@/annotate/panels/Explain";
import { Guide } from "@/annotate/panels/Guide";
import { Notices } from "@/annotate/parts/Notices";
import { submit } from "@/annotate/submit";
import { type Workspace, WorkspaceContext } from "@/annotate/workspace";
import { failedDocument, Site } from "./site";

afterEach(cleanup);

const show = (workspace: Workspace, ...parts: ComponentType[]): void => {
  render(
    <WorkspaceContext.Provider value={workspace}>
      {parts.map((Part) => (
        <Part key={Part.name} />
      ))}
    </WorkspaceContext.Provider>,
  );
};

const button = (name: string | RegExp): HTMLButtonElement => screen.getByRole("button", { name });
const click = (name: string | RegExp): boolean => fireEvent.click(button(name));
const pressed = (): string[] =>
  screen
    .getAllByRole("button")
    .filter((element) => element.getAttribute("aria-pressed") === "true")
    .map((element) => [...element.childNodes].filter(({ nodeName }) => nodeName !== "KBD").map((node) => node.textContent).join(""));

describe("diagnose", () => {
  it("asks of a failure all it needs, and writes it down", async () => {
    const site = new Site();
    const workspace = await site.open();
    show(workspace, Diagnose);
    click("Failed");
    await screen.findByText("Failure 1");
    workspace.position.go(31);
    click("Set avoidance here");
    workspace.position.go(64);
    click("Set correction here");
    click("2 Grasp the eraser");
    click("Gripper 6D-pose");
    expect(await workspace.outbox.flush()).toBe(true);
    expect(site.document).toMatchObject({
      outcome: "failed",
      events: [
        { subtask: 2, failure_type: "gripper_6d_pose", avoidance: { frame: 31 }, correction: { frame: 64 } },
      ],
    });
  });

  it("asks nothing more of a successful episode, and a sentence where it cannot be told", async () => {
    const workspace = await new Site().open();
    show(workspace, Diagnose);
    click("Successful");
    await waitFor(() => expect(pressed().join()).toContain("Successful"));
    expect(screen.queryByText("Keyframes")).toBeNull();
    click("Cannot tell");
    const note = await screen.findByLabelText("What makes it impossible to tell?");
    fireEvent.input(note, { target: { value: "It is hidden." } });
    expect(workspace.document.value).toMatchObject({ outcome: "cannot_tell", note: "It is hidden.", events: [] });
  });

  it("adds a second failure, and removes one only when that was confirmed", async () => {
    const workspace = await new Site(failedDocument()).open();
    show(workspace, Diagnose);
    click(/Add a failure/);
    await screen.findByText("Failure 2");
    expect(workspace.event.value).toBe(workspace.document.value.events[1]);
    click("Remove failure 2");
    await screen.findByRole("alertdialog");
    click("Keep");
    expect(workspace.document.value.events).toHaveLength(2);
    await waitFor(() => click("Remove failure 2"));
    await waitFor(() => click("Remove"));
    expect(workspace.document.value.events.map(({ id }) => id)).toEqual(["e1"]);
  });

  it("says when the keyframes are in the wrong order", async () => {
    const document = failedDocument();
    document.events[0]!.correction.frame = 25;
    show(await new Site(document).open(), Diagnose);
    expect(screen.getByText("The correction keyframe comes after the avoidance keyframe.")).toBeTruthy();
  });

  it("changes nothing when it is read only", async () => {
    const workspace = await new Site(failedDocument(), { editable: false, state: "approved" }).open();
    show(workspace, Diagnose);
    const names = ["Successful", "Set avoidance here", "2 Grasp the eraser", "Task planning", /Add a failure/];
    expect(names.map((name) => button(name).disabled)).toEqual(names.map(() => true));
  });
});

describe("guide", () => {
  const opened = async (site: Site): Promise<Workspace> => {
    const workspace = await site.open();
    workspace.openStage(2);
    await workspace.frames.show(workspace.position.number.value);
    return workspace;
  };

  it("puts a command together for each keyframe and says it as a sentence", async () => {
    const site = new Site(failedDocument());
    const workspace = await opened(site);
    show(workspace, Guide);
    click("→ right");
    await waitFor(() => click("→ right"));
    await waitFor(() => expect(screen.getByTestId("command-text").textContent).toBe("Move the left gripper to the right slightly."));
    click("Right");
    await waitFor(() => expect(pressed()).toContain("Right"));
    click("open");
    await waitFor(() =>
      expect(screen.getByTestId("command-text").textContent).toBe(
        "Move the left gripper to the right slightly; open the right gripper.",
      ),
    );
    click(/^Correction/);
    await waitFor(() => click("Everything holds still"));
    await workspace.outbox.flush();
    expect(site.document.events[0]).toMatchObject({
      avoidance: { command: { hold: false, arms: [{ arm: "left" }, { arm: "right", grasp: "open" }] } },
      correction: { command: { hold: true, arms: [] } },
    });
    expect(workspace.position.number.value).toBe(60);
  });

  it("lists the symbols as codes, and deletes one", async () => {
    const document = failedDocument();
    document.events[0]!.avoidance.symbols = [{ id: "s1", type: "crosshair", pos: [320, 240] }];
    const workspace = await opened(new Site(document));
    show(workspace, Guide);
    const code = "Draw Crosshair: {'position': [500, 500]}";
    click(code);
    expect(workspace.drawing.selectedId.value).toBe("s1");
    click(`Remove ${code}`);
    expect(workspace.document.value.events[0]?.avoidance.symbols).toEqual([]);
  });

  it("hints at a contradiction, and at nothing else", async () => {
    const document = failedDocument();
    document.events[0]!.avoidance.symbols = [{ id: "s1", type: "state", pos: [10, 10], text: "ON" }];
    const workspace = await opened(new Site(document));
    show(workspace, Guide);
    click("open");
    await waitFor(() => expect(pressed()).toContain("open"));
    expect(screen.queryByText(/contradict/)).toBeNull();
    click("close");
    expect(await screen.findByText(/contradict/)).toBeTruthy();
  });

  it("draws on the chosen keyframe only", async () => {
    const workspace = await opened(new Site(failedDocument()));
    const lock = { id: "s1", type: "lock", pos: [1, 1] } as const;
    for (const elsewhere of [50, 60]) {
      workspace.position.go(elsewhere);
      await workspace.frames.show(elsewhere);
      expect(workspace.canDraw.value).toBe(false);
      workspace.drawing.put(lock);
    }
    expect(workspace.document.value).toEqual(failedDocument());
    workspace.openSide("avoidance");
    await workspace.frames.show(25);
    expect(workspace.canDraw.value).toBe(true);
    workspace.drawing.put(lock);
    expect(workspace.document.value.events[0]).toMatchObject({ avoidance: { symbols: [lock] }, correction: { symbols: [] } });
  });

  it("does not draw before the exact frame is on the page", async () => {
    const workspace = await new Site(failedDocument()).open();
    workspace.openStage(2);
    workspace.openSide("correction");
    expect(workspace.canDraw.value).toBe(false);
    await workspace.frames.show(60);
    expect(workspace.canDraw.value).toBe(true);
  });

  it("copies the other keyframe's symbols here as one step, and none of them twice", async () => {
    const document = failedDocument();
    document.events[0]!.correction.symbols = [
      { id: "s1", type: "lock", pos: [1, 1] },
      { id: "s2", type: "rewind", pos: [2, 2] },
    ];
    const workspace = await opened(new Site(document));
    copySymbols(workspace);
    copySymbols(workspace);
    const event = () => workspace.event.value!;
    expect(event().avoidance.symbols).toMatchObject([{ type: "lock" }, { type: "rewind" }]);
    expect(event().avoidance.symbols.map(({ id }) => id)).not.toContain("s1");
    expect(event().correction).toEqual(document.events[0]!.correction);
    step(workspace, "undo");
    expect(event().avoidance.symbols).toEqual([]);
  });

  it("leads back to where an unset keyframe is chosen", async () => {
    const document = failedDocument();
    document.events[0]!.avoidance.frame = null;
    const workspace = await opened(new Site(document));
    show(workspace, Guide);
    click("Choose it");
    expect(workspace.stage.value).toBe(1);
  });
});

describe("explain", () => {
  const field = (name: string): HTMLTextAreaElement => screen.getByRole("textbox", { name });

  const group = (name: string) => within(screen.getByRole("group", { name }));
  const texts = ({ event }: Workspace) => [
    event.value!.reason,
    event.value!.avoidance.high_level,
    event.value!.correction.high_level,
  ];

  it("offers the draft beside each field, says where it comes from, and writes nothing by itself", async () => {
    const workspace = await new Site(failedDocument()).open();
    show(workspace, Explain);
    click("Draft");
    await screen.findByText("Put together by a template: read it.");
    expect(screen.getAllByText("Use the draft")).toHaveLength(3);
    expect(texts(workspace)).toEqual(["", "", ""]);
    fireEvent.click(group("How to avoid it").getByText("Use the draft"));
    await waitFor(() => expect(screen.getAllByText("Use the draft")).toHaveLength(2));
    expect(texts(workspace)).toEqual(["", "drafted avoidance", ""]);
    COMMANDS["draft.use.reason"]!(workspace);
    expect(texts(workspace)).toEqual(["drafted reason", "drafted avoidance", ""]);
    fireEvent.click(group("How to correct it").getByText("No, thank you"));
    await waitFor(() => expect(screen.queryByText("Use the draft")).toBeNull());
    COMMANDS["draft.use.correction"]!(workspace);
    expect(texts(workspace)).toEqual(["drafted reason", "drafted avoidance", ""]);
  });

  it("leaves what was written until its draft is taken", async () => {
    const document = failedDocument();
    document.events[0]!.reason = "mine";
    document.events[0]!.avoidance.high_level = "mine too";
    const workspace = await new Site(document).open();
    show(workspace, Explain);
    click("Draft");
    await screen.findByText("Put together by a template: read it.");
    fireEvent.click(group("Why it failed").getByText("Keep mine"));
    fireEvent.click(group("How to avoid it").getByText("Use the draft"));
    fireEvent.input(field("How to correct it"), { target: { value: "my own" } });
    await waitFor(() => expect(screen.queryByText("Use the draft")).toBeNull());
    expect(texts(workspace)).toEqual(["mine", "drafted avoidance", "my own"]);
  });

  it("saves before it asks for a draft: drafts are made of what the server holds", async () => {
    const site = new Site(failedDocument());
    const workspace = await site.open();
    show(workspace, Explain);
    fireEvent.input(field("Why it failed"), { target: { value: "mine" } });
    click("Draft");
    await screen.findByText("Put together by a template: read it.");
    const paths = site.post.mock.calls.map(([path]) => path);
    expect(paths).toEqual(["annotations/5/operations/", "annotations/5/drafts/"]);
    expect(site.document.events[0]?.reason).toBe("mine");
  });
});

describe("submitting", () => {
  it("of what is incomplete lists what is missing, each a way to its field", async () => {
    const site = new Site(failedDocument());
    site.problems = [
      { path: ["events", "e1", "subtask"], message: "Choose the subtask that failed." },
      { path: ["events", "e1", "correction", "command"], message: "Give the correction keyframe a command or a symbol." },
      { path: ["events", "e1", "reason"], message: "Write the failure reason." },
    ];
    const workspace = await site.open();
    show(workspace, Notices);
    await submit(workspace);
    await screen.findByText("3 things are missing");
    expect(workspace.editable.value).toBe(true);
    click("Give the correction keyframe a command or a symbol.");
    expect([workspace.stage.value, workspace.side.value, workspace.target.value]).toEqual([2, "correction", "command"]);
    expect(workspace.position.number.value).toBe(60);
    click("Write the failure reason.");
    expect([workspace.stage.value, workspace.target.value]).toEqual([3, "reason"]);
  });

  it("saves first, then makes the page read only and offers the next", async () => {
    const site = new Site({ ...failedDocument(), outcome: "successful" });
    const workspace = await site.open();
    workspace.outbox.push({ op: "set", path: ["note"], value: "clean" });
    show(workspace, Notices);
    await Promise.all([submit(workspace), submit(workspace)]);
    expect(site.post.mock.calls.map(([path, body]) => [path, (body as { revision?: number }).revision])).toEqual([
      ["annotations/5/operations/", undefined],
      ["annotations/5/submit/", 2],
    ]);
    expect(workspace.editable.value).toBe(false);
    await waitFor(() => click("Annotate the next episode"));
    expect(await screen.findByText(/Nothing is waiting/)).toBeTruthy();
  });

  it("does not submit what could not be saved", async () => {
    const site = new Site(failedDocument());
    const workspace = await site.open();
    vi.spyOn(workspace.outbox, "flush").mockResolvedValue(false);
    show(workspace, Notices);
    await submit(workspace);
    expect(await screen.findByText(/cannot be submitted/)).toBeTruthy();
    expect(site.post).not.toHaveBeenCalled();
    expect(workspace.editable.value).toBe(true);
  });
});

it("shows the reviewer's comment on work that was sent back", async () => {
  const site = new Site(failedDocument(), { state: "sent_back" });
  const verdict = { reviewer: "rosa", decision: "send_back", comment: "See frame 87.", created: "", revision: 3 };
  show(await site.open([verdict]), Notices);
  expect(screen.getByRole("alert").textContent).toBe("Sent back by rosa: See frame 87.");
});
