// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, describe, expect, it } from "vitest";
import { COMMANDS } from "@/annotate/commands";
import { emptyDocument, emptyEvent } from "@/annotate/document";
import { Proposed } from "@/annotate/panels/Proposed";
import { ghostFrames, ghostsHere, loadProposals, partsHere } from "@/annotate/proposals";
import { type Workspace, WorkspaceContext } from "@/annotate/workspace";
import type { Proposal } from "@/shared/types";
import { failedDocument, Site } from "./site";

afterEach(cleanup);

function proposal(): Proposal {
  const event = emptyEvent("p1");
  event.failure_type = "task_planning";
  event.avoidance = { ...event.avoidance, frame: 40, symbols: [{ id: "g1", type: "crosshair", pos: [10, 20] }] };
  const names = ["avoidance/frame", "failure_type", "avoidance/symbols/g1"];
  return {
    id: 3,
    origin: "supervisor",
    source: "run 12",
    document: { ...emptyDocument(), outcome: "failed", events: [event] },
    parts: ["outcome", ...names.map((name) => `events/p1/${name}`)],
    decided: {},
  };
}

async function opened(site: Site): Promise<Workspace> {
  site.proposals = [proposal()];
  const workspace = await site.open();
  await loadProposals(workspace);
  return workspace;
}

const names = (workspace: Workspace): string[] => partsHere(workspace).map(({ name }) => name);
const press = async (workspace: Workspace, command: string): Promise<void> => {
  COMMANDS[command]!(workspace);
  await waitFor(() => expect(workspace.proposing.busy.value).toBe(false));
};

describe("proposals", () => {
  it("are nobody's work until they are taken, one by one and by one key each", async () => {
    const site = new Site();
    const workspace = await opened(site);
    expect(workspace.document.value).toEqual(emptyDocument());
    expect(names(workspace)).toEqual(["outcome"]);
    await press(workspace, "proposal.take");
    expect(workspace.document.value.outcome).toBe("failed");
    expect(ghostFrames(workspace)).toEqual([{ side: "avoidance", frame: 40 }]);
    await press(workspace, "proposal.take");
    await press(workspace, "proposal.take");
    const [event] = workspace.document.value.events;
    expect(event).toMatchObject({ failure_type: "task_planning", avoidance: { frame: 40, symbols: [] } });
    expect(names(workspace)).toEqual([]);
    expect(await workspace.outbox.flush()).toBe(true);
    const decisions = site.post.mock.calls.filter(([path]) => path === "annotations/5/decisions/");
    expect(decisions.map(([, body]) => (body as { accepted: boolean }).accepted)).toEqual([true, true, true]);
  });

  it("are ghosts on their keyframe, and symbols of the annotation only when taken", async () => {
    const site = new Site(failedDocument());
    const workspace = await opened(site);
    workspace.openStage(2);
    expect(ghostsHere(workspace)).toMatchObject([{ id: "g1", type: "crosshair" }]);
    workspace.position.go(30);
    expect(ghostsHere(workspace)).toEqual([]);
    workspace.openSide("avoidance");
    await press(workspace, "proposal.take");
    const [symbol] = workspace.event.value!.avoidance.symbols;
    expect(symbol).toMatchObject({ type: "crosshair", pos: [10, 20] });
    expect(symbol!.id).not.toBe("g1");
    expect(ghostsHere(workspace)).toEqual([]);
  });

  it("say where they come from and are turned down as easily", async () => {
    const site = new Site(failedDocument());
    const workspace = await opened(site);
    render(
      <WorkspaceContext.Provider value={workspace}>
        <Proposed />
      </WorkspaceContext.Provider>,
    );
    expect(screen.getAllByText("by the robot's supervisor run 12")).toHaveLength(2);
    fireEvent.click(screen.getAllByRole("button", { name: "No" })[0]!);
    await waitFor(() => expect(screen.getAllByRole("button", { name: "No" })).toHaveLength(1));
    expect(workspace.event.value!.avoidance.frame).toBe(25);
  });

  it("that were wrong on purpose are not taken, and that is said", async () => {
    const site = new Site(failedDocument());
    site.wrong = ["events/p1/avoidance/frame"];
    const workspace = await opened(site);
    await press(workspace, "proposal.take");
    expect(workspace.event.value!.avoidance.frame).toBe(25);
    expect(workspace.proposing.trouble.value).toContain("wrong on purpose");
    expect(names(workspace)).toEqual(["events/p1/failure_type"]);
  });

  it("are not taken where the server does not hear of it", async () => {
    const site = new Site(failedDocument());
    const workspace = await opened(site);
    site.post.mockRejectedValueOnce(new Error("The network is away."));
    await press(workspace, "proposal.take");
    expect(workspace.event.value!.avoidance.frame).toBe(25);
    expect(workspace.proposing.trouble.value).toBe("The network is away.");
    expect(names(workspace)).toHaveLength(2);
  });

  it("that say what the annotation says already are no news", async () => {
    const document = failedDocument();
    document.events[0]!.avoidance.frame = 40;
    const workspace = await opened(new Site(document));
    expect(names(workspace)).toEqual(["events/p1/failure_type"]);
  });

  it("are missing without harm where they cannot be had", async () => {
    const site = new Site();
    const workspace = await site.open();
    site.get.mockRejectedValueOnce(new Error("away"));
    await loadProposals(workspace);
    expect(names(workspace)).toEqual([]);
  });
});
