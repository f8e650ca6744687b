// The library: the board by mouse and by keyboard, the quick log, many games at once, and ten thousand of them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { open, signIn, view } from "./browser.mjs";
import { Cairn, until } from "./cairn.mjs";
import { fillLibrary, picture } from "./library.demo.mjs";
import { pagesOf } from "./pages.mjs";

const SECS = 10;
const MANY = 10_000;
const MOST_NODES = 1_500;
let cairn, pages, browser, ids, ilinca, many;

before(async () => {
  cairn = await Cairn.start();
  pages = await pagesOf(cairn);
  browser = await open();
  const filled = await fillLibrary(cairn);
  ({ ids } = filled);
  ({ ilinca } = filled.people);
  many = await cairn.person("many");
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** A signed-in window on a page; `complaints` is checked when it is closed. */
async function on(path, person, run, options) {
  const { context, page, complaints } = await view(browser, pages.url, options);
  try {
    await signIn(page, person);
    await page.goto(path);
    await run(page);
    assert.deepEqual(real(complaints), []);
  } finally {
    await context.close();
  }
}

/** Refusals that a test provokes are told to the console by the browser itself; all else is a complaint. */
const real = (complaints) => complaints.filter((text) => !/status of 4\d\d/.test(text));

const column = (page, name) => page.locator("section", { has: page.getByRole("heading", { name, exact: true }) });
const entry = (name) => cairn.call("GET", `/api/library/${ids[name]}`, undefined, ilinca);
const stateOf = async (name) => (await entry(name)).state;

test("a game is dragged to another column, and the undo brings it back", async () => {
  await on("/journal/library", ilinca, async (page) => {
    const card = column(page, "Wishlist").getByRole("listitem").filter({ hasText: "Pilgrim Engine" });
    await card.dragTo(column(page, "Ongoing"));
    await column(page, "Ongoing").getByRole("link", { name: "Pilgrim Engine" }).waitFor();
    await page.getByText("“Pilgrim Engine” moved to Ongoing").waitFor();
    await until(SECS, "it is not ongoing", async () => (await stateOf("Pilgrim Engine")) === "ongoing");
    await page.getByRole("button", { name: "Undo" }).click();
    await column(page, "Wishlist").getByRole("link", { name: "Pilgrim Engine" }).waitFor();
    await until(SECS, "it is not wished for again", async () => (await stateOf("Pilgrim Engine")) === "wishlist");
  });
});

test("by keyboard alone: a game is moved by a key and by its menu, and an evening is logged", async () => {
  await on("/journal/library", ilinca, async (page) => {
    await column(page, "Wishlist").getByRole("link", { name: "Sleeper Lines" }).focus();
    await page.keyboard.press("4");
    const moved = column(page, "Ongoing").getByRole("listitem").filter({ hasText: "Sleeper Lines" });
    await moved.getByText("Paused").waitFor();
    await page.getByRole("status").getByText("“Sleeper Lines” moved to Paused").waitFor();

    await moved.getByRole("link").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Move to Dropped" }).waitFor();
    for (let i = 0; i < 12 && !(await focusedText(page)).includes("Dropped"); i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await until(SECS, "it is not dropped", async () => (await stateOf("Sleeper Lines")) === "dropped");

    await page.keyboard.press("l");
    await page.getByRole("combobox", { name: "Which game?" }).waitFor();
    await page.keyboard.type("tin cathed");
    await page.getByRole("option", { name: /Tin Cathedral/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByLabel("Time played").focus();
    await page.keyboard.type("1 h 75");
    await page.getByText("An hour has 60 minutes: 1 h 15 min or 2 h 15 min?").waitFor();
    for (let i = 0; i < 2; i++) await page.keyboard.press("Backspace");
    await page.keyboard.type("34");
    await page.keyboard.press("Enter");
    await page.getByText("1 h 34 min of “Tin Cathedral” logged").waitFor();
    const { minutes, state, playthroughs } = await entry("Tin Cathedral");
    assert.deepEqual([minutes, state, playthroughs.length], [240 + 94, "paused", 1], "the time is that of the run that was begun");
  });
});

test("one log has a state, a time, a thought and a screenshot, and one undo takes all of it back", async () => {
  await on("/journal/library", ilinca, async (page) => {
    await page.getByRole("button", { name: "Add a game" }).click();
    await page.getByRole("combobox", { name: "Which game?" }).fill("orchard");
    await page.getByRole("option", { name: /Orchard of Static/ }).click();
    await page.getByText("Completed", { exact: true }).last().click();
    await page.getByLabel("Time played").fill("2:05");
    await page.getByLabel("Thought", { exact: true }).fill("The radio knew. ||It was the orchard all along.||");
    const files = { name: "orchard.png", mimeType: "image/png", buffer: picture(640, 360, 3) };
    await page.locator("input[type=file]").setInputFiles(files);
    await page.getByText("Sent. Only you see it until you log it.").waitFor();
    await page.getByLabel("Describe it").fill("Rows of aerials");
    await page.getByRole("button", { name: "Log it" }).click();
    await page.getByText("2 h 5 min of “Orchard of Static” logged").waitFor();

    const id = ids["Orchard of Static"];
    const logged = await entry("Orchard of Static");
    assert.deepEqual([logged.state, logged.minutes], ["completed", 125]);
    const media = await cairn.call("GET", `/api/games/${id}/media`, undefined, ilinca);
    assert.deepEqual(media.items.map(({ description, audience }) => [description, audience]), [["Rows of aerials", "friends"]]);
    const thoughts = await cairn.call("GET", `/api/games/${id}/thoughts`, undefined, ilinca);
    assert.equal(thoughts.items.length, 1);

    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("What was logged of “Orchard of Static” is taken back").waitFor();
    const back = await entry("Orchard of Static");
    assert.deepEqual([back.state, back.minutes, back.playthroughs], ["wishlist", 0, []]);
    assert.equal((await cairn.call("GET", `/api/games/${id}/media`, undefined, ilinca)).items.length, 0);
    assert.equal((await cairn.call("GET", `/api/games/${id}/thoughts`, undefined, ilinca)).items.length, 0);
  });
});

test("many games are changed at once, with one undo", async () => {
  await on("/journal/library", ilinca, async (page) => {
    await page.getByRole("button", { name: "More of the library" }).click();
    await page.getByRole("menuitem", { name: "Select" }).click();
    for (const name of ["Moth Parliament", "Drift Cantata"]) await page.getByLabel(`Select ${name}`).check();
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await page.getByRole("menuitem", { name: "Paused" }).click();
    await page.getByText("2 games changed").waitFor();
    assert.deepEqual([await stateOf("Moth Parliament"), await stateOf("Drift Cantata")], ["paused", "paused"]);
    await page.getByRole("button", { name: "Undo" }).click();
    await until(SECS, "they are not ongoing again", async () => (await stateOf("Moth Parliament")) === "ongoing");
    assert.equal(await stateOf("Drift Cantata"), "ongoing");
  });
});

test("filters and the list are in the address", async () => {
  await on("/journal/library", ilinca, async (page) => {
    await page.getByLabel("Find in the library").fill("ferry");
    await page.waitForURL("**/journal/library?name=ferry");
    await column(page, "Completed").getByRole("link", { name: "A Ferry for Ilse" }).waitFor();
    await page.getByRole("button", { name: /^All/ }).click();
    await page.getByRole("button", { name: "List", exact: true }).click();
    await page.getByRole("button", { name: "Switch, 4 playthroughs" }).click();
    await page.getByRole("row", { name: /Bellwether/ }).waitFor();
    assert.equal(await page.getByRole("row", { name: /Kestrel Below/ }).count(), 0);
    await page.reload();
    await page.getByRole("row", { name: /Bellwether/ }).waitFor();
    assert.match(page.url(), /view=list/);
  });
});

test("ten thousand games stay light: few nodes, and the rest as one asks for it", async () => {
  await import10000();
  await on("/journal/library", many, async (page) => {
    await page.getByText("10,000 games").waitFor();
    await column(page, "Wishlist").getByRole("listitem").first().waitFor();
    const more = column(page, "Completed").getByRole("button", { name: "Show 20 more" });
    for (let i = 0; i < 3; i++) {
      await more.scrollIntoViewIfNeeded();
      await more.click();
      await page.waitForLoadState("networkidle");
    }
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(nodes <= MOST_NODES, `${nodes} nodes`);
  });
});

/** A catalogue and a library of ten thousand, as programs bring them. */
async function import10000() {
  const titles = join(cairn.folder, "titles.tsv");
  const names = Array.from({ length: MANY }, (_, i) => `Hollow ${String(i).padStart(5, "0")} of the Fells`);
  await writeFile(titles, ["title\tyear\tplatforms", ...names.map((name) => `${name}\t2020\tpc`)].join("\n"));
  const { CAIRN_BINARY: program, ...environment } = process.env;
  const env = { ...environment, CAIRN_DATA: join(cairn.folder, "data") };
  await promisify(execFile)(program, ["titles", "import", titles, "--source", "fells"], { env, cwd: cairn.folder });
  const states = ["wishlist", "ongoing", "completed", "completed"];
  const at = "2026-01-01T00:00:00Z";
  const entries = names.map((name, i) => {
    const state = states[i % states.length];
    const rest = { minutes: i % 500, loose_minutes: i % 500, playthroughs: [], history: [{ at, state }], added_at: at };
    return { game: { name, year: 2020 }, state, audience: "friends", ...rest };
  });
  const body = new TextEncoder().encode(JSON.stringify({ format: "cairn-library-1", exported_at: at, entries }));
  const { import_id, counts } = await cairn.call("POST", "/api/library/import", body, many, { "Content-Type": "application/octet-stream" });
  assert.equal(counts.new, MANY, JSON.stringify(counts));
  await cairn.call("POST", `/api/library/import/${import_id}/apply`, {}, many);
}

async function focusedText(page) {
  return await page.evaluate(() => document.activeElement?.textContent ?? "");
}
