import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { ensureConsoleFolder } from "./scripts/lib/build/console-build.ts";
import { makeDevVars } from "./scripts/lib/dev-vars.ts";

// wrangler.toml names it, and the Workers runtime does not start without it.
ensureConsoleFolder();

/** Three kinds of tests: of pure functions, of objects inside workerd, and over HTTP against a running gateway. */
export default defineConfig({
  test: {
    reporters: ["default", "./test/support/closing-line.ts"],
    projects: [
      { test: { name: "core", include: ["test/{core,console,repository,tools}/**/*.test.ts"] } },
      {
        plugins: [
          // The flag lets a test lower the maximum size of a database.
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: makeDevVars(), compatibilityFlags: ["experimental"] },
          }),
        ],
        test: { name: "shard", include: ["test/shard/**/*.test.ts"] },
      },
      {
        test: {
          name: "http",
          include: ["test/http/**/*.test.ts", "test/hostile/**/*.test.ts", "test/browser/**/*.test.ts"],
          globalSetup: ["test/support/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // These tests mostly wait, so more than one per core is useful.
          maxWorkers: 3,
        },
      },
    ],
  },
});
