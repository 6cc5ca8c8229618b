/** Buttons that copy what stands in another element: `data-copy` is its id, `data-copied` what the button then says. */

async function put(text: string, source: HTMLElement): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  getSelection()?.selectAllChildren(source); // plain http has no clipboard: the person copies what is selected
  document.execCommand("copy");
}

export function onCopy(event: MouseEvent): void {
  const button = (event.target as HTMLElement).closest<HTMLElement>("[data-copy]");
  const source = button === null ? null : document.getElementById(button.dataset.copy ?? "");
  if (button === null || source === null) return;
  void put(source.textContent ?? "", source).then(() => {
    button.textContent = button.dataset.copied ?? button.textContent;
  });
}
