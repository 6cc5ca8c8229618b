// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { contextsOf } from "@/annotate/commands";
import { setEventField, setNote, setOutcome } from "@/annotate/edits";
import { followOutbox, letGo } from "@/annotate/keeping";
import { LoginDialog } from "@/annotate/parts/LoginDialog";
import { Notices } from "@/annotate/parts/Notices";
import { SavingState } from "@/annotate/parts/SavingState";
import { type Workspace, WorkspaceContext } from "@/annotate/workspace";
import { ApiError } from "@/shared/api";
import { sessionEnded } from "@/shared/session";
import { failedDocument, Site } from "./site";

afterEach(() => {
  cleanup();
  sessionEnded.value = false;
});

const show = (workspace: Workspace): void => {
  render(
    <WorkspaceContext.Provider value={workspace}>
      <SavingState />
      <Notices />
      <LoginDialog />
    </WorkspaceContext.Provider>,
  );
};

const opened = async (site = new Site(failedDocument())) => {
  const workspace = await site.open();
  show(workspace);
  return { site, workspace };
};

describe("the journal", () => {
  it("holds every edit until the server has it", async () => {
    const { workspace } = await opened();
    const { journal } = workspace.keeping;
    followOutbox(workspace);
    setNote(workspace, "first");
    setEventField(workspace, "subtask", 2);
    await journal.settled();
    expect((await journal.read())?.operations.map(({ value }) => value)).toEqual(["first", 2]);
    await workspace.outbox.flush();
    await journal.settled();
    expect(await journal.read()).toBeNull();
  });

  it("is written no more once another tab has the work", async () => {
    const { workspace } = await opened();
    const { journal, tab } = workspace.keeping;
    followOutbox(workspace);
    setNote(workspace, "here");
    tab.held.value = false;
    await letGo(workspace);
    setNote(workspace, "too late");
    expect(await workspace.outbox.flush()).toBe(false);
    expect((await journal.read())?.operations).toMatchObject([{ value: "here" }]);
    expect((await screen.findByText("In another tab")).className).toContain("elsewhere");
    expect(screen.getByText("Go on here")).toBeTruthy();
  });

  it("that the browser does not keep is said, and nothing is called kept", async () => {
    const { site, workspace } = await opened();
    workspace.keeping.journal.failing.value = true;
    site.post.mockRejectedValue(new ApiError("network", "The server cannot be reached."));
    setNote(workspace, "a");
    await workspace.outbox.flush();
    await screen.findByText(/This browser keeps nothing/);
    expect(screen.getByText(/leave this page open/)).toBeTruthy();
    expect(screen.queryByText("Offline, kept here")).toBeNull();
  });
});

describe("a conflict", () => {
  it("is settled field by field", async () => {
    const site = new Site(failedDocument());
    const { workspace } = await opened(site);
    const theirs = { ...failedDocument(), note: "theirs", outcome: "cannot_tell" as const };
    theirs.events[0]!.reason = "theirs";
    site.post.mockRejectedValueOnce(new ApiError("stale_base", "", { revision: 9, document: theirs, difference: [] }, 409));
    setEventField(workspace, "reason", "mine");
    setNote(workspace, "mine");
    setOutcome(workspace, "successful");
    await workspace.outbox.flush();
    await screen.findByText("This annotation was changed elsewhere");
    const row = (name: string) => within(screen.getByRole("group", { name }));
    expect(screen.getAllByText("changed by both")).toHaveLength(3);
    fireEvent.click(row("note").getByText("theirs"));
    await waitFor(() => expect(row("note").getByText("theirs").getAttribute("aria-pressed")).toBe("true"));
    site.annotation = { ...site.annotation, document: theirs };
    fireEvent.click(screen.getByText("Go on with these"));
    await waitFor(() => expect(workspace.outbox.saving.value.state).toBe("saved"));
    expect(site.document).toMatchObject({ note: "theirs", outcome: "successful", events: [{ reason: "mine" }] });
    expect(site.post.mock.lastCall?.[1]).toMatchObject({ base: 9 });
  });
});

describe("a session that ended", () => {
  const ended = (): never => {
    sessionEnded.value = true;
    throw new ApiError("not_authenticated", "Please log in first.", {}, 401);
  };

  it("is renewed on the page, as the same person, and then the work goes up", async () => {
    const { site, workspace } = await opened();
    site.post.mockImplementationOnce(async () => ended());
    setNote(workspace, "kept");
    await workspace.outbox.flush();
    const dialog = await screen.findByRole("dialog");
    expect(screen.getByText("Logged out, kept here")).toBeTruthy();
    expect(contextsOf(workspace)).toEqual([]);
    const working = site.post.getMockImplementation()!;
    const login = vi.fn();
    site.post.mockImplementation(async (path, body) => {
      if (path === "session/") return login(body);
      return path.startsWith("episodes/") ? { expires_at: new Date().toISOString() } : working(path, body);
    });
    login.mockRejectedValueOnce(new ApiError("wrong_login", "This name and password do not go together.", {}, 401));
    fireEvent.input(within(dialog).getByLabelText("Password"), { target: { value: "secret" } });
    fireEvent.submit(dialog.querySelector("form")!);
    await screen.findByText(/do not go together/);
    fireEvent.submit(dialog.querySelector("form")!);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(login).toHaveBeenLastCalledWith({ username: "ada", password: "secret" });
    await waitFor(() => expect(site.document.note).toBe("kept"));
  });

  it("asks for the second factor's code where there is one", async () => {
    const { site } = await opened();
    const login = vi.fn();
    site.post.mockImplementation(async (path, body) => (path === "session/" ? login(body) : {}));
    login.mockRejectedValueOnce(new ApiError("code_needed", "Send its code as well.", {}, 401));
    sessionEnded.value = true;
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).queryByLabelText("Code of your authenticator app")).toBeNull();
    fireEvent.input(within(dialog).getByLabelText("Password"), { target: { value: "secret" } });
    fireEvent.submit(dialog.querySelector("form")!);
    fireEvent.input(await within(dialog).findByLabelText("Code of your authenticator app"), {
      target: { value: "123456" },
    });
    fireEvent.submit(dialog.querySelector("form")!);
    await waitFor(() =>
      expect(login).toHaveBeenLastCalledWith({ username: "ada", password: "secret", code: "123456" }),
    );
  });
});
