import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { table as annotateKeys } from "@/annotate/bindings";
import { COMMANDS as ANNOTATE } from "@/annotate/commands";
import { table as reviewKeys } from "@/review/bindings";
import { COMMANDS as REVIEW } from "@/review/commands";
import { LANGUAGES, languageOf } from "@/shared/messages";

const SOURCE = join(__dirname, "../../../frontend/src");

/** Every text of a table by its path: `a.b.c`. */
function texts(table: object, path: string[] = []): Map<string, unknown> {
  return new Map(
    Object.entries(table).flatMap(([name, value]): [string, unknown][] =>
      typeof value === "object" && value !== null
        ? [...texts(value, [...path, name])]
        : [[[...path, name].join("."), value]],
    ),
  );
}

const english = texts(LANGUAGES.en);
const chinese = texts(LANGUAGES["zh-hans"]);
/** Names of domain data that have a Chinese label beside them; English has the data's own words. */
const LABELS_OF_DATA = /^diagnose\.types\./;

const files = (readdirSync(SOURCE, { recursive: true }) as string[]).filter(
  (name) => /\.tsx?$/.test(name) && !name.includes("messages"),
);

interface Source {
  code: string;
  /** What short names stand for in it: `const text = messages.guide;`. */
  aliases: (readonly [string, string])[];
}

const sources: Source[] = files.map((name) => {
  const code = readFileSync(join(SOURCE, name), "utf8");
  const aliases = [...code.matchAll(/const (\w+) = messages\.([\w.]+);/g)].map(([, alias, path]) => [alias!, path!] as const);
  return { code, aliases: [["messages", ""], ...aliases] };
});

/** Whether the code names a path: whole, or one of its tables with a name that is only known when it runs. */
function isNamed(path: string, { code, aliases }: Source): boolean {
  return aliases.some(([alias, table]) => {
    if (table !== "" && !path.startsWith(`${table}.`)) return false;
    const steps = path.slice(table === "" ? 0 : table.length + 1).split(".");
    const written = steps.map((_, i) => [alias, ...steps.slice(0, i)].join("."));
    const tables = table === "" ? written.slice(1) : written;
    const whole = new RegExp(`\\b${[alias, ...steps].join("\\.")}\\b`);
    return whole.test(code) || tables.some((name) => [`${name}[`, `keys(${name})`, `values(${name})`].some((use) => code.includes(use)));
  });
}

const isUsed = (path: string): boolean => sources.some((source) => isNamed(path, source));

describe("messages", () => {
  it("are the same in every language", () => {
    const own = (table: Map<string, unknown>) => [...table.keys()].filter((path) => !LABELS_OF_DATA.test(path)).sort();
    expect(own(chinese)).toEqual(own(english));
  });

  it("are not blank, and Chinese where they say something", () => {
    const said = (value: unknown): string => (typeof value === "function" ? value(1, 2, 3) : String(value));
    const names = new Set(["header.product"]);
    for (const [path, value] of chinese) {
      expect(said(value).trim(), path).not.toBe("");
      if (!names.has(path)) expect(said(value), path).toMatch(/\p{Script=Han}/u);
    }
    for (const [path, value] of english) expect(said(value).trim(), path).not.toBe("");
  });

  it("are all used", () => {
    expect([...english.keys()].filter((path) => !/(^|\.)commands\./.test(path) && !isUsed(path))).toEqual([]);
  });

  it.each([
    ["annotate", LANGUAGES.en.commands, annotateKeys.defaults, ANNOTATE],
    ["review", LANGUAGES.en.review.commands, reviewKeys.defaults, REVIEW],
  ] as const)("name every command of the key table of %s, and no other", (_page, labels, keys, commands) => {
    expect(Object.keys(labels).sort()).toEqual([...new Set(keys.map(({ command }) => command))].sort());
    expect(Object.keys(commands)).toEqual(expect.arrayContaining(Object.keys(labels)));
  });

  it("would notice one that nobody uses", () => {
    expect(isUsed("guide.nobodysWord")).toBe(false);
    expect(isUsed("saving.retry")).toBe(true);
  });

  it("follow the page's language", () => {
    expect(["en", "zh", "zh-Hans", "zh-hans-cn", "de"].map(languageOf)).toEqual(["en", "zh-hans", "zh-hans", "zh-hans", "en"]);
  });
});
