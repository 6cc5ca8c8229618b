import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const tests = here("../tests/frontend/");

/** The tests live outside this package: what they import by name is looked for as if they lived here. */
const packagesForTests: Plugin = {
  name: "packages-for-tests",
  enforce: "pre",
  resolveId(source, importer, options) {
    const byName = /^[\w@](?!\/)/.test(source) && !source.startsWith("node:");
    if (!byName || !importer?.startsWith(tests)) return null;
    return this.resolve(source, here("./package.json"), { ...options, skipSelf: true });
  },
};

export default defineConfig({
  base: "/static/",
  plugins: [packagesForTests, preact()],
  resolve: { alias: [{ find: /^@\//, replacement: here("./src/") }] },
  build: {
    manifest: "manifest.json",
    sourcemap: true,
    target: "es2022",
    rollupOptions: {
      input: {
        annotate: here("./src/annotate/main.tsx"),
        live: here("./src/live/main.tsx"),
        rollout: here("./src/rollout/main.tsx"),
        project: here("./src/project/main.tsx"),
        site: here("./src/site/main.ts"),
      },
    },
  },
  server: { fs: { allow: [here("..")] } },
  test: {
    include: [`${tests}**/*.test.{ts,tsx}`],
    restoreMocks: true,
    unstubGlobals: true,
    // One copy of Preact, whoever imports it.
    server: { deps: { inline: [/preact/] } },
  },
});
