/** A page that says that something is at work shows more when that is done. */

const EVERY = 2000;

/** Whether something has been typed into the page's forms that a new page would not have. */
const typed = (): boolean =>
  [...document.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea, input:not([type=hidden])")].some(
    (field) => field.value !== field.defaultValue,
  );

async function isDone(address: string): Promise<boolean> {
  const response = await fetch(address, { credentials: "same-origin" });
  return response.ok && !((await response.json()) as { waiting: boolean }).waiting;
}

/** Load the page again once `waiting` of the answer at `data-awaits` is false; never over what is being typed. */
export function awaitNews(element: HTMLElement): void {
  const look = async (): Promise<void> => {
    const done = await isDone(element.dataset.awaits!).catch(() => false);
    if (done && !typed()) location.reload();
    else setTimeout(() => void look(), EVERY);
  };
  setTimeout(() => void look(), EVERY);
}
