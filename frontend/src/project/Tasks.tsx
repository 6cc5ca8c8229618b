/** Which task recordings are added to; a new one can be described here. */

import { useSignal } from "@preact/signals";
import { messages } from "@/shared/messages";
import type { TaskFields } from "@/shared/types";
import { Button, Select, TextArea, TextInput } from "@/shared/ui";
import { usePage } from "./page";

const text = messages.project;
const BLANK: TaskFields = { name: "", description: "", subtasks: [] };

const lines = (words: string): string[] =>
  words
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

function TaskForm({ onDone }: { onDone: () => void }) {
  const page = usePage();
  const fields = useSignal(BLANK);
  const subtasks = useSignal("");
  const put = (part: Partial<TaskFields>): void => {
    fields.value = { ...fields.value, ...part };
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await page.addTask({ ...fields.value, subtasks: lines(subtasks.value) })) onDone();
  };
  return (
    <form class="form" aria-label={text.newTask} onSubmit={(event) => void submit(event)}>
      <TextInput label={text.name} value={fields.value.name} onInput={(name) => put({ name })} required />
      <TextArea
        label={text.description}
        hint={text.descriptionHint}
        rows={2}
        value={fields.value.description}
        onInput={(description) => put({ description })}
      />
      <TextArea
        label={text.subtasks}
        hint={text.subtasksHint}
        value={subtasks.value}
        onInput={(words) => {
          subtasks.value = words;
        }}
      />
      <div class="seg">
        <button type="submit" class="btn primary">
          {text.create}
        </button>
        <Button onClick={onDone}>{text.cancel}</Button>
      </div>
    </form>
  );
}

function TaskSelect() {
  const { tasks, chosenTask } = usePage();
  const options = tasks.value.map(({ id, name }) => ({ value: String(id), label: name }));
  return (
    <Select
      label={text.choose}
      value={String(chosenTask.value ?? "")}
      options={[{ value: "", label: "–" }, ...options]}
      onChange={(value) => {
        chosenTask.value = value === "" ? null : Number(value);
      }}
    />
  );
}

export function Tasks() {
  const adding = useSignal(false);
  const open = (value: boolean) => () => {
    adding.value = value;
  };
  return (
    <section class="card" aria-label={text.tasks}>
      <div class="row">
        <TaskSelect />
        {!adding.value && <Button onClick={open(true)}>{text.newTask}</Button>}
      </div>
      {adding.value && <TaskForm onDone={open(false)} />}
    </section>
  );
}
