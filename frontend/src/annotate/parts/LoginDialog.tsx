/** Over the page when the session ended: logging in again, as the same person, and the work goes on. */

import { useSignal } from "@preact/signals";
import { ApiError, sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import { sessionEnded } from "@/shared/session";
import { Alert, Button, PasswordInput, TextInput } from "@/shared/ui";
import { resume } from "../keeping";
import { useWorkspace, type Workspace } from "../workspace";

const text = messages.session;

/** `code` is the second factor's: asked for once the server has said that there is one. */
async function logIn(workspace: Workspace, password: string, code: string): Promise<void> {
  const { annotator } = workspace.annotation.peek();
  await workspace.api.post("session/", { username: annotator, password, ...(code && { code }) });
  sessionEnded.value = false;
  resume(workspace);
}

function LoginForm() {
  const workspace = useWorkspace();
  const password = useSignal("");
  const code = useSignal("");
  const codeNeeded = useSignal(false);
  const trouble = useSignal("");
  const submit = (event: Event): void => {
    event.preventDefault();
    logIn(workspace, password.value, code.value).catch((error: unknown) => {
      codeNeeded.value ||= error instanceof ApiError && error.code === "code_needed";
      trouble.value = sentence(error);
    });
  };
  return (
    <form class="dialog card" onSubmit={submit}>
      <h2 id="session-title">{text.title}</h2>
      <p>{text.explain(workspace.annotation.value.annotator)}</p>
      <PasswordInput
        label={text.password}
        value={password.value}
        onInput={(value) => {
          password.value = value;
        }}
      />
      {codeNeeded.value && (
        <TextInput
          label={text.code}
          value={code.value}
          onInput={(value) => {
            code.value = value;
          }}
        />
      )}
      {trouble.value && <Alert kind="error">{trouble.value}</Alert>}
      <Button primary submits>
        {text.logIn}
      </Button>
    </form>
  );
}

/** Only whose work is open can go on with it: a page that somebody else reads has nothing to save. */
export function LoginDialog() {
  const { annotation } = useWorkspace();
  if (!sessionEnded.value || !annotation.value.editable) return null;
  return (
    <div class="veil" role="dialog" aria-modal="true" aria-labelledby="session-title">
      <LoginForm />
    </div>
  );
}
