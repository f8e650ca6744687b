// A studio at work: from nothing to its first trace, twenty reports by keyboard, where players die, and the pages of settings.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn, until } from "./cairn.mjs";
import { pagesOf } from "./pages.mjs";
import { fillStudio } from "./studio.demo.mjs";

const REPORTS = 20;
let cairn, pages, browser, owner, demo;

before(async () => {
  // A person does in seconds here what takes them minutes.
  cairn = await Cairn.start({ CAIRN_ACCOUNT_RATE: "0" });
  pages = await pagesOf(cairn);
  browser = await open();
  owner = await cairn.person("dunlin");
  demo = await fillStudio(cairn, owner, { reports: REPORTS });
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** Refusals that a test provokes are told to the console by the browser itself; all else is a complaint. */
const real = (complaints) => complaints.filter((text) => !/status of 4\d\d|WebGL|GroupMarkerNotSet/.test(text));
const game = (page = "") => `/studio/${demo.studio}/${demo.game}${page}`;

test("a studio goes from nothing to a first trace that it meets", async () => {
  const person = await cairn.person("wren");
  const { context, page, complaints } = await view(browser, pages.url);
  await signIn(page, person);
  await page.goto("/studio");
  await page.getByLabel("Name", { exact: true }).fill("Two Rooks");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name: "Add a game" }).waitFor();
  await page.getByLabel("Name", { exact: true }).fill("Thornless");
  await page.getByRole("button", { name: "Add it" }).click();
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("tab", { name: "curl" }).click();
  await page.getByText("Waiting for the first trace…").waitFor();
  const snippet = await page.getByRole("tabpanel").innerText();
  const [, key] = snippet.match(/KEY=(ck_dev_\w+)/);

  const headers = { "X-API-Key": key };
  const player = await cairn.call("POST", "/v1/players", { device_id: "the device of a test" }, undefined, headers);
  const trace = { kind: "message", scope: "start", pos: [1, 2, 3], text: ["A first stone"] };
  await cairn.call("POST", "/v1/traces", { traces: [trace] }, player, headers);
  await page.getByRole("heading", { name: "The first trace is here" }).waitFor();
  await page.getByRole("link", { name: "See it in its world" }).click();
  const card = page.getByRole("region", { name: "A trace", exact: true });
  await card.getByText("“A first stone”").waitFor();
  assert.match(await page.getByRole("img", { name: /from above/ }).getAttribute("aria-label"), /start from above: 1 trace\./);
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("an empty world is filled with a demo by one button", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await signIn(page, owner);
  await page.goto(`${game("/world")}?env=dev`);
  await page.getByRole("button", { name: "Fill a demo world" }).click();
  await page.getByRole("img", { name: /low-weir from above/ }).waitFor();
  const { total } = await cairn.call("GET", `/v1/games/${demo.game}/map?studio=${demo.studio}&environment=dev&scope=low-weir`, undefined, owner);
  assert.ok(total > 1500, `${total} traces`);
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("twenty reports are decided by keyboard alone, and one decision is taken back", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await signIn(page, owner);
  await page.goto(game("/moderation"));
  await page.getByText(`${REPORTS} waiting`).first().waitFor();
  const queueItems = page.locator("nav[aria-label=Queue] button[aria-current]");
  const chosen = () => queueItems.evaluateAll((items) => items.findIndex((item) => item.getAttribute("aria-current") === "true"));
  await page.keyboard.press("j");
  assert.equal(await chosen(), 1, "J goes on");
  await page.keyboard.press("k");
  assert.equal(await chosen(), 0, "K goes back");

  await page.keyboard.press("h");
  await page.getByText(`${REPORTS - 1} waiting`).first().waitFor();
  await page.keyboard.press("z");
  await page.getByText(`${REPORTS} waiting`).first().waitFor();
  assert.equal(await chosen(), 0, "what was taken back is chosen again");
  const queue = () => cairn.call("GET", `/v1/moderation/queue?studio=${demo.studio}&game=${demo.game}&limit=100`, undefined, owner);
  assert.equal((await queue()).items.filter(({ hidden }) => hidden).length, 0, "and was never sent");

  await page.keyboard.press("r");
  await page.keyboard.type("Sp");
  await page.keyboard.press("Enter");
  await page.keyboard.press("b");
  for (let left = REPORTS - 1; left > 0; left--) {
    await page.getByText(`${left} waiting`).first().waitFor();
    await page.keyboard.press(left % 2 === 0 ? "a" : "h");
  }
  await page.getByRole("heading", { name: "Nothing waits" }).waitFor();
  await page.goto(game("/live"));
  const isDone = async () => (await queue()).items.filter(({ reports }) => reports > 0).length === 0;
  await until(10, "the last decision is not sent", isDone);
  const hidden = (await queue()).items.filter((item) => item.hidden);
  assert.equal(hidden.length, 1 + REPORTS / 2, "one ban hides, and every other decision");
  const log = await cairn.call("GET", `/v1/studios/${demo.studio}/audit?limit=100`, undefined, owner);
  assert.equal(log.items.filter(({ action }) => /ban/.test(action)).length, 1, "the ban is in the audit log");
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("a studio finds where players die, on the stage, in the table and on the map", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await signIn(page, owner);
  await page.goto(game("/ghosts"));
  const findings = page.getByRole("region", { name: "Where they stop or die" });
  const worst = await findings.getByRole("button").first().innerText();
  const [, x, z] = worst.match(/fall, (\d+), (\d+)/);
  const search = { mode: "near", scopes: ["low-weir"], kinds: ["bloodstain"], near: [Number(x), 10, Number(z)], radius: 12, limit: 1000 };
  const near = await cairn.call("POST", `/v1/traces/query?game=${demo.studio}/${demo.game}`, search, owner);
  assert.ok(near.items.length > 80, `${near.items.length} died there`);

  await page.getByRole("button", { name: "Table" }).click();
  await page.getByRole("row", { name: /died: / }).first().waitFor();
  await page.keyboard.press("l");
  assert.equal(await page.getByLabel("Time").inputValue(), "5000", "L goes five seconds on");

  await page.getByRole("link", { name: "World" }).click();
  for (const kind of ["Messages", "Structures", "Ghosts"]) await page.getByRole("button", { name: new RegExp(`^${kind}`) }).click();
  await page.getByRole("button", { name: "Table" }).click();
  const cell = await page.getByRole("table").first().getByRole("rowheader").first().innerText();
  const [cellX, cellZ] = cell.split(", ").map(Number);
  assert.ok(Math.hypot(cellX - Number(x), cellZ - Number(z)) < 12, `the fullest cell of deaths is at ${cell}`);
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("traces in a lasso are hidden, and shown again by undo", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await signIn(page, owner);
  await page.goto(`${game("/world")}?scope=low-weir`);
  const map = page.getByRole("img", { name: /from above/ });
  await map.waitFor();
  await page.getByRole("button", { name: "Lasso" }).click();
  const { x, y, width, height } = await map.boundingBox();
  const at = (share, down) => [x + width * share, y + height * down];
  await page.mouse.move(...at(0.6, 0.3));
  await page.mouse.down();
  for (const corner of [at(0.8, 0.3), at(0.8, 0.55), at(0.6, 0.55)]) await page.mouse.move(...corner, { steps: 4 });
  await page.mouse.up();
  const bar = page.getByRole("group", { name: "in the lasso" });
  await bar.getByRole("button", { name: "Hide" }).click();
  const hidden = () => cairn.call("GET", `/v1/games/${demo.game}/map?studio=${demo.studio}&scope=low-weir&shown=hidden&points=0`, undefined, owner);
  await page.getByText(/traces hidden/).waitFor();
  const many = (await hidden()).total;
  assert.ok(many > 20, `${many} hidden`);
  await page.getByRole("button", { name: "Undo" }).click();
  await until(10, "undo does not show them again", async () => (await hidden()).total < 20);
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("keys, settings, members and worlds are kept by their pages", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await signIn(page, owner);
  await page.goto(game("/keys"));
  await page.getByLabel("What you call it").fill("our server");
  await page.getByLabel(/^secret/).check();
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByText(/^sk_live_/).waitFor();
  const keys = await cairn.call("GET", `/v1/studios/${demo.studio}/games/${demo.game}/keys`, undefined, owner);
  assert.deepEqual(keys.items.map(({ label, kind }) => [label, kind]).at(-1), ["our server", "secret"]);

  await page.goto(game("/settings"));
  await page.getByLabel("Decks of a scope").fill("200000");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByLabel("Decks of a scope").and(page.locator("[aria-invalid=true]")).waitFor();
  await page.getByLabel("Decks of a scope").fill("4");
  await page.getByLabel("Messages: In a deck").fill("20");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved; it holds everywhere within a second").waitFor();
  const settings = await cairn.call("GET", `/v1/games/${demo.game}/settings?studio=${demo.studio}`, undefined, owner);
  assert.deepEqual([settings.decks, settings.kinds.find(({ kind }) => kind === "message").deck_size], [4, 20]);

  await page.goto(`/studio/${demo.studio}/members`);
  await page.getByLabel("Email address").fill("fenna@example.org");
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await page.getByText("fenna@example.org is invited").waitFor();
  const invitations = await cairn.call("GET", `/v1/studios/${demo.studio}/invitations`, undefined, owner);
  assert.deepEqual(invitations.items.map(({ email, role }) => [email, role]), [["fenna@example.org", "developer"]]);

  await page.goto(game("/transfer"));
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export the world" }).click();
  const lines = (await readFile(await (await saving).path(), "utf8")).trim().split("\n");
  assert.ok(lines.length > 1800, `${lines.length} lines`);
  const file = { name: "few.ndjson", mimeType: "application/x-ndjson", buffer: Buffer.from(`${lines[0]}\n{"kind":"tree"}\n`) };
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Import the file" }).click();
  await page.getByText("1 line was refused").first().waitFor();
  assert.deepEqual(real(complaints), []);
  await context.close();
});
