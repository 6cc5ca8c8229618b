/** Do something once, a little after the last time it was asked for: news come in swarms. */
export function later(action: () => void, wait = 300): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}
