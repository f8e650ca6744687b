// A Cairn of its own for a test or for screenshots, in a temporary folder, and what people do with it over HTTP.
import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const START_SECS = 30;
const MAIL_SECS = 20;

/** A free port. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** The settings of the backend that `CAIRN_TEST_BACKEND` names: SQLite, or a database of its own on the tests' PostgreSQL. */
async function backend(folder) {
  if (process.env.CAIRN_TEST_BACKEND !== "postgresql") return {};
  const server = new URL(process.env.CAIRN_TEST_DATABASE_URL);
  const name = `pages_${randomBytes(8).toString("hex")}`;
  execFileSync("psql", [server.href, "--quiet", "--command", `CREATE DATABASE ${name}`]);
  server.pathname = `/${name}`;
  const key = join(folder, "secret.key");
  await writeFile(key, randomBytes(32).toString("hex"), { mode: 0o600 });
  return {
    DATABASE_URL: server.href,
    REDIS_URL: process.env.CAIRN_TEST_REDIS_URL,
    CAIRN_SECRET_KEY_FILE: key,
    CAIRN_BLOBS_SHARED: "true",
  };
}

/** A running server. `CAIRN_BINARY` names the program; `settings` are environment variables of its configuration. */
export class Cairn {
  static async start(settings = {}) {
    const cairn = new Cairn();
    cairn.folder = await mkdtemp(join(tmpdir(), "cairn-pages-"));
    const port = await freePort();
    cairn.url = `http://127.0.0.1:${port}`;
    cairn.printed = "";
    cairn.log = "";
    // The program refuses variables that begin as its settings and are none.
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith("CAIRN_"));
    cairn.environment = {
      ...Object.fromEntries(others),
      CAIRN_LISTEN: `127.0.0.1:${port}`,
      CAIRN_DATA: join(cairn.folder, "data"),
      // All people are at one address.
      CAIRN_BOT_CHECK: "off",
      ...(await backend(cairn.folder)),
      ...settings,
    };
    cairn.child = spawn(process.env.CAIRN_BINARY, ["serve"], { cwd: cairn.folder, env: cairn.environment });
    cairn.child.stdout.on("data", (bytes) => (cairn.printed += bytes));
    cairn.child.stderr.on("data", (bytes) => (cairn.log += bytes));
    await until(START_SECS, `the server does not start:\n${cairn.log}`, () => cairn.printed.includes("Ctrl-C stops it."));
    return cairn;
  }

  /** Stops it and removes its folder. */
  async stop() {
    this.child.kill("SIGINT");
    await new Promise((done) => this.child.once("exit", done));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs another command of the program on the same data: `run("titles", "import", file)`. */
  async run(...words) {
    return await promisify(execFile)(process.env.CAIRN_BINARY, words, { cwd: this.folder, env: this.environment });
  }

  /** Asks the API; a refusal is thrown. `who` is a person or nobody. */
  async call(method, path, body, who, headers = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined || body instanceof Uint8Array ? {} : { "Content-Type": "application/json" }),
        ...(who ? { Authorization: `Bearer ${who.token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
  }

  /** The code that the newest mail to an address holds, once it is another than `old`. */
  async mailedCode(address, old) {
    const folder = join(this.folder, "data", "mail");
    let code;
    await until(MAIL_SECS, `no mail reaches ${address}`, async () => {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml")).sort().reverse();
      for (const name of names) {
        const text = await readFile(join(folder, name), "utf8");
        const found = text.match(/\b[0-9a-f]{32}\b(?!@)/gm);
        if (text.includes(`To: ${address}`) && found) {
          code = found.at(-1);
          return code !== old;
        }
      }
      return false;
    });
    return code;
  }

  /** The administrator, made with the code that the start printed. */
  async administrator(email = "root@example.org", password = "correct horse battery") {
    const [, code] = this.printed.match(/"code":"([0-9a-f]+)"/);
    await this.call("POST", "/v1/setup", { code, email, password });
    return await this.signIn(email, password);
  }

  /** A new person with a username. */
  async person(username, password = "correct horse battery") {
    const email = `${username}@example.org`;
    await this.call("POST", "/api/users", { email });
    const code = await this.mailedCode(email);
    await this.call("POST", "/api/users", { code, password, username });
    return await this.signIn(email, password);
  }

  async signIn(email, password) {
    const { token } = await this.call("POST", "/v1/account/sessions", { email, password });
    return { email, password, token };
  }
}

/** Waits until something is so. */
export async function until(secs, otherwise, isSo) {
  const end = Date.now() + secs * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(otherwise);
    await sleep(50);
  }
}
