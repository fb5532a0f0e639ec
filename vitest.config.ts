import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [{ test: { name: "protocol", include: ["test/protocol/**/*.test.ts"] } }],
  },
});
void cloudflareTest;
