/** Every text of the pages, in the language that the page is in. */

import { en, type Messages } from "./en";
import { zh } from "./zh";

export type { Messages };

export const LANGUAGES = { en, "zh-hans": zh } as const satisfies Record<string, Messages>;

export type Language = keyof typeof LANGUAGES;

/** The language of a document; English where it is in none of ours. */
export const languageOf = (lang: string): Language => (lang.toLowerCase().startsWith("zh") ? "zh-hans" : "en");

export const language: Language = languageOf(typeof document === "undefined" ? "en" : document.documentElement.lang);

export const messages: Messages = LANGUAGES[language];
