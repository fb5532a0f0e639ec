import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { fieldHelp } from "./scripts/lib/build/field-help.ts";

/** The gateway that the console's own dev server (`npx vite`) talks to. */
const GATEWAY = process.env.GATEWAY_URL ?? "http://127.0.0.1:8787";

/** The console: `src/console` to static files, which the Worker serves below `/console/`. */
export default defineConfig({
  root: "src/console",
  base: "/console/",
  plugins: [react(), fieldHelp()],
  server: { host: "127.0.0.1", port: 5173, strictPort: true, proxy: { "/api": GATEWAY } },
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    // No workspace can have this name, so no page of the console has the path of a file.
    assetsDir: "_assets",
    // The Content-Security-Policy takes no data: scripts and styles; small images could be inlined, but there are none.
    assetsInlineLimit: 0,
    target: "es2023",
    manifest: "manifest.json",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_500,
    modulePreload: { polyfill: false },
  },
});
