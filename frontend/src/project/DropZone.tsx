/** Where recordings come in: dropped, or chosen with the file dialog. */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { messages } from "@/shared/messages";
import { usePage } from "./page";

const text = messages.project;

export function DropZone() {
  const page = usePage();
  const over = useSignal(false);
  const input = useId();
  const folder = useId();
  const hover = (value: boolean) => (event: DragEvent) => {
    event.preventDefault();
    over.value = value;
  };
  const drop = (event: DragEvent): void => {
    hover(false)(event);
    void page.addFiles([...(event.dataTransfer?.files ?? [])]);
  };
  const choose = (event: Event & { currentTarget: HTMLInputElement }): void => {
    void page.addFiles([...(event.currentTarget.files ?? [])]);
    // The same files may be chosen again.
    event.currentTarget.value = "";
  };
  const chooseFolder = (event: Event & { currentTarget: HTMLInputElement }): void => {
    void page.addFolder([...(event.currentTarget.files ?? [])]);
    event.currentTarget.value = "";
  };
  return (
    <section
      class={over.value ? "drop over" : "drop"}
      data-testid="drop-zone"
      onDragOver={hover(true)}
      onDragLeave={hover(false)}
      onDrop={drop}
    >
      <b>{text.drop}</b>
      <p class="muted">{text.dropHint}</p>
      <label class="btn" for={input}>
        {text.browse}
      </label>
      <input id={input} class="unseen" type="file" multiple accept="video/*,.mkv,.avi,.hdf5,.h5,.zip,.tar,.tgz,.gz" onChange={choose} />
      <p class="muted">{messages.recordings.hint}</p>
      <label class="btn" for={folder}>
        {messages.recordings.folder}
      </label>
      <input id={folder} class="unseen" type="file" onChange={chooseFolder} {...{ webkitdirectory: true }} />
    </section>
  );
}
