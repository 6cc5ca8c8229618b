/** How the person who is here likes the pages: read from the page, kept by the server. */

import { signal } from "@preact/signals";
import { type Api, api } from "./api";

export interface Preferences {
  language: string;
  theme: "system" | "light" | "dark";
  guideline: boolean;
  /** The key of each binding that got another, by the binding's name. */
  keys: Record<string, string>;
}

const DEFAULTS: Preferences = { language: "", theme: "system", guideline: true, keys: {} };

const onPage = (): Partial<Preferences> =>
  JSON.parse((typeof document !== "undefined" && document.getElementById("preferences")?.textContent) || "{}");

export const preferences = signal<Preferences>({ ...DEFAULTS, ...onPage() });

/** Change some of them, here at once. Rejects where the server could not keep them: they count on this page then. */
export async function prefer(changes: Partial<Preferences>, server: Pick<Api, "patch"> = api): Promise<void> {
  preferences.value = { ...preferences.peek(), ...changes };
  await server.patch("preferences/", changes);
}
