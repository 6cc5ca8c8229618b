/** Language and look of the pages, kept with the person. */

import { language, type Language, messages } from "./messages";
import { prefer, type Preferences, preferences } from "./preferences";
import { Button } from "./ui";

const text = messages.preferences;
const NAMES: Record<Language, string> = { en: "English", "zh-hans": "简体中文" };
const THEMES = ["system", "light", "dark"] as const;

function chooseTheme(theme: Preferences["theme"]): void {
  document.documentElement.dataset.theme = theme;
  void prefer({ theme }).catch(() => undefined); // it counts on this page all the same
}

/** `flush` sends what the page has not saved yet, before it comes again in the other language. */
export function Look({ flush }: { flush?: () => Promise<unknown> }) {
  const chooseLanguage = async (name: Language): Promise<void> => {
    await Promise.all([flush?.(), prefer({ language: name })]);
    window.location.reload();
  };
  return (
    <div class="row" role="group" aria-label={text.label}>
      <div class="seg" role="group" aria-label={text.language}>
        {(Object.keys(NAMES) as Language[]).map((name) => (
          <Button key={name} pressed={name === language} onClick={() => void chooseLanguage(name).catch(() => undefined)}>
            {NAMES[name]}
          </Button>
        ))}
      </div>
      <div class="seg" role="group" aria-label={text.theme}>
        {THEMES.map((theme) => (
          <Button key={theme} pressed={theme === preferences.value.theme} onClick={() => chooseTheme(theme)}>
            {text.themes[theme]}
          </Button>
        ))}
      </div>
    </div>
  );
}
