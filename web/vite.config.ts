import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `make web-dev` finds the server behind the pages. */
const server = process.env["CAIRN_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  // The components bring their texts in thirty languages: the pages speak two.
  plugins: [react(), { ...optimizeLocales.vite({ locales: ["en-US", "ro-RO"] }), enforce: "pre" }],
  build: {
    target: "es2022",
    // No `data:` addresses: the pages' Content-Security-Policy refuses them.
    assetsInlineLimit: 0,
    // The server reads from it which files its own pages need.
    manifest: "manifest.json",
    rolldownOptions: { input: ["index.html", "src/public/page.ts", "src/public/front.ts"] },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: Object.fromEntries(["/api", "/v1", "/blobs", "/readyz", "/health", "/openapi.json"].map((path) => [path, server])) },
});
