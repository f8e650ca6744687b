// Where the pages of a test are: the program serves them itself, or, with PAGES=built, `dist` is served before the program.
import { fileURLToPath } from "node:url";

/** The address of the pages of a running server; `stop()` ends what was started for it. */
export async function pagesOf(cairn) {
  if (process.env.PAGES !== "built") return { url: cairn.url, stop: async () => {} };
  const { preview } = await import("vite");
  const proxy = Object.fromEntries(["/api", "/v1", "/blobs", "/dav", "/readyz", "/health", "/openapi.json"].map((path) => [path, cairn.url]));
  const server = await preview({
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "silent",
    preview: { host: "127.0.0.1", port: 0, proxy },
  });
  const { port } = server.httpServer.address();
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}
