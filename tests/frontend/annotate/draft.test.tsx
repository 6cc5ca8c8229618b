// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { askDraft, catchUp, dismiss, isDrafting, offerOf, receive, setText, useDraft } from "@/annotate/draft";
import { Explain } from "@/annotate/panels/Explain";
import { type Workspace, WorkspaceContext } from "@/annotate/workspace";
import type { Draft } from "@/shared/types";
import { failedDocument, Site } from "./site";

afterEach(cleanup);

const show = (workspace: Workspace): void => {
  render(
    <WorkspaceContext.Provider value={workspace}>
      <Explain />
    </WorkspaceContext.Provider>,
  );
};

const draftOf = (part: Partial<Draft>): Draft => ({ ...new Site().draft, provider: "openai", model: "vlm", note: "", ...part });

describe("a draft that a model writes", () => {
  it("grows beside the fields, can be taken only when it is whole, and says who wrote it", async () => {
    const site = new Site(failedDocument());
    const workspace = await site.open();
    site.draft = draftOf({ state: "requested", texts: {} });
    show(workspace);
    await askDraft(workspace);
    expect(isDrafting(workspace)).toBe(true);
    receive(workspace, draftOf({ state: "streaming", texts: { reason: "The grip" } }));
    await screen.findByText("The grip");
    useDraft(workspace, "reason");
    expect(workspace.event.value!.reason).toBe("");
    receive(workspace, draftOf({}));
    await screen.findByText(/Written by vlm/);
    expect(isDrafting(workspace)).toBe(false);
    useDraft(workspace, "reason");
    expect(workspace.event.value!.reason).toBe("drafted reason");
    expect(site.post).toHaveBeenCalledWith("drafts/1/uses/", { field: "reason", accepted: true });
  });

  it("that failed says so in its sentence, and leaves the fields to be written by hand", async () => {
    const site = new Site(failedDocument());
    const workspace = await site.open();
    show(workspace);
    receive(workspace, draftOf({ state: "failed", texts: {}, problem: "The model declined to answer." }));
    await screen.findByText("The model declined to answer.");
    expect(isDrafting(workspace)).toBe(false);
    setText(workspace, "reason", "mine");
    expect(workspace.event.value!.reason).toBe("mine");
  });

  it("is not gone back on by news that comes late, or of an earlier draft", async () => {
    const site = new Site(failedDocument());
    const workspace = await site.open();
    receive(workspace, draftOf({ id: 2 }));
    receive(workspace, draftOf({ id: 2, state: "streaming", texts: { reason: "late" } }));
    receive(workspace, draftOf({ id: 1, texts: { reason: "old" } }));
    expect(offerOf(workspace, "reason")).toEqual({ text: "drafted reason", growing: false });
  });

  it("shows a hostile text as the text that it is", async () => {
    const site = new Site(failedDocument());
    const workspace = await site.open();
    show(workspace);
    const hostile = '<img src=x onerror="alert(1)"> ![x](http://evil.example/x.png) <script>alert(2)</script>';
    receive(workspace, draftOf({ texts: { reason: hostile } }));
    const shown = await screen.findByText(hostile);
    expect(shown.children).toHaveLength(0);
    expect(document.querySelector("img, script")).toBeNull();
  });
});

describe("a page that was away", () => {
  it("has what was written meanwhile, and does not offer it for what a person has written since", async () => {
    const site = new Site(failedDocument());
    const workspace = await site.open();
    setText(workspace, "avoidance", "my own words");
    site.drafts = [draftOf({ uses: { correction: false } })];
    await catchUp(workspace);
    expect(offerOf(workspace, "reason")).not.toBeNull();
    expect(offerOf(workspace, "avoidance")).toBeNull();
    expect(offerOf(workspace, "correction")).toBeNull();
  });

  it("goes on with a draft that is still being written", async () => {
    const site = new Site(failedDocument());
    const workspace = await site.open();
    site.drafts = [draftOf({ state: "streaming", texts: {} })];
    await catchUp(workspace);
    expect(isDrafting(workspace)).toBe(true);
  });
});

it("keeps a refusal of a draft's text, and goes on where that could not be told", async () => {
  const site = new Site(failedDocument());
  const workspace = await site.open();
  receive(workspace, draftOf({}));
  site.post.mockImplementation(vi.fn(async () => Promise.reject(new Error("away"))));
  dismiss(workspace, "reason");
  await waitFor(() => expect(site.post).toHaveBeenCalledWith("drafts/1/uses/", { field: "reason", accepted: false }));
  expect(offerOf(workspace, "reason")).toBeNull();
});
