// A game's page, thoughts, a game by hand, the timeline, statistics, imports.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn, until } from "./cairn.mjs";
import { fillLibrary, picture } from "./library.demo.mjs";
import { pagesOf } from "./pages.mjs";
import { startShops } from "./shops.mjs";

const SECS = 10;
let cairn, pages, browser, shops, ids, people;

before(async () => {
  shops = await startShops({ "Pilgrim Engine": ["9.99", "14.99"] });
  cairn = await Cairn.start(shops.settings);
  pages = await pagesOf(cairn);
  browser = await open();
  ({ ids, people } = await fillLibrary(cairn));
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
  shops?.stop();
});

/** A signed-in window on a page; what it complains of is checked at the end. */
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
const as = (person) => (method, path, body) => cairn.call(method, path, body, person);

test("on a game's page: its state, a rating, a playthrough, each with its undo", async () => {
  const { ilinca } = people;
  const id = ids["Kestrel Below"];
  const entry = () => as(ilinca)("GET", `/api/library/${id}`);
  await on(`/journal/games/${id}`, ilinca, async (page) => {
    await page.getByRole("button", { name: "State: Ongoing" }).click();
    await page.getByRole("menuitem", { name: "Paused" }).click();
    await page.getByRole("button", { name: "State: Paused" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "State: Ongoing" }).waitFor();

    await page.getByRole("button", { name: "Rate it" }).click();
    await page.getByLabel("Your rating").fill("88");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Rated 88", { exact: true }).waitFor();
    assert.equal((await entry()).score, 88);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Rate it" }).waitFor();
    assert.equal((await entry()).score, undefined);

    await page.getByRole("button", { name: "Add one" }).click();
    await page.getByLabel("Began").fill("2026-11");
    await page.getByLabel("Time", { exact: true }).fill("45");
    await page.getByLabel("Platform").selectOption("switch");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Playthrough 3").waitFor();
    const run = (await entry()).playthroughs.at(-1);
    assert.deepEqual([run.started, run.minutes, run.platform], ["2026-11", 45, "switch"]);
    await page.getByRole("button", { name: "Options for Playthrough 3" }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await page.getByText("Playthrough removed").waitFor();
    assert.equal((await entry()).playthroughs.length, 2);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Playthrough 3").waitFor();
  });
});

test("prices are shown with the rate and its age, and a target is set in one's own currency", async () => {
  const { ilinca } = people;
  const id = ids["Pilgrim Engine"];
  const target = async () => (await as(ilinca)("GET", `/api/library/${id}`)).target;
  await on(`/journal/games/${id}`, ilinca, async (page) => {
    const shop = page.getByRole("row", { name: /Lanternshop/ });
    await shop.getByText("€8.59").waitFor();
    await shop.getByText("US$9.99").waitFor();
    await page.getByText(/Rate of .*, a day old: 1 USD = 0.86 EUR/).waitFor();
    await page.getByLabel("Tell me under").fill("a lot");
    await page.getByRole("button", { name: "Set" }).click();
    await page.getByText("Write an amount, such as 9.99.").waitFor();
    await page.getByLabel("Tell me under").fill("6,50");
    await page.getByLabel("Currency").selectOption("RON");
    await page.getByRole("button", { name: "Set" }).click();
    await page.getByText(/You are told once it costs/).waitFor();
    assert.deepEqual(await target(), { minor: 650, currency: "RON" });
    await page.getByRole("button", { name: "Undo" }).click();
    await until(SECS, "the target is still there", async () => (await target()) === undefined);
  });
});

test("thoughts: a spoiler stays folded, thanks and answers are given, one's own is changed, and its history is kept", async () => {
  const { ilinca } = people;
  const id = ids["Kestrel Below"];
  await on(`/journal/games/${id}?tab=thoughts`, ilinca, async (page) => {
    const theirs = page.getByRole("article").filter({ hasText: "sable_fen" });
    assert.equal(await theirs.getByText("the hold can be made a toggle").isVisible(), false);
    await theirs.getByText("Spoiler, 10 words").click();
    await theirs.getByText("the hold can be made a toggle").waitFor();
    await theirs.getByRole("button", { name: "Thank" }).click();
    await theirs.getByRole("button", { name: "Thanked 1" }).waitFor();
    await theirs.getByRole("button", { name: "Answer" }).click();
    await theirs.getByLabel("Your answer").fill("Thank you for saying so.");
    await theirs.getByRole("button", { name: "Send" }).click();
    await theirs.getByRole("button", { name: "1 answer" }).waitFor();

    const own = page.getByRole("article").filter({ hasText: "The weir at night" });
    await own.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("What do you think?").fill("The weir at dawn is **better**.");
    const { items } = await as(ilinca)("GET", "/api/thoughts");
    const changed = items.find(({ text }) => text.startsWith("The weir"));
    await cairn.call("PUT", `/api/thoughts/${changed.id}`, { text: "The weir, from my phone." }, ilinca, { "If-Match": "*" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The weir, from my phone.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The weir at dawn is better.").waitFor();
    await page.goto(`/journal/thoughts/${changed.id}`);
    await page.getByRole("heading", { name: "What it was before" }).waitFor();
    await page.getByText("The weir, from my phone.").waitFor();
    const after = await as(ilinca)("GET", `/api/thoughts/${changed.id}`);
    assert.equal(after.text, "The weir at dawn is **better**.");
  });
});

test("a screenshot is added, described in the viewer, and deleted after a second press", async () => {
  const { ilinca } = people;
  const id = ids["Bellwether"];
  const media = async () => (await as(ilinca)("GET", `/api/games/${id}/media`)).items;
  await on(`/journal/games/${id}?tab=media`, ilinca, async (page) => {
    await page.getByText("No pictures yet").waitFor();
    const files = { name: "bell.png", mimeType: "image/png", buffer: picture(640, 360, 1) };
    await page.locator("input[type=file]").setInputFiles(files);
    await page.getByRole("button", { name: "Screenshot", exact: true }).click();
    await page.getByLabel("Describe it").fill("The bell, before it rings");
    await page.getByRole("button", { name: "Save" }).click();
    await until(SECS, "it is not described", async () => (await media())[0]?.description === "The bell, before it rings");
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("No pictures yet").waitFor();
    assert.deepEqual(await media(), []);
  });
});

test("by keyboard alone: a game that is not here is added by hand and can be logged at once", async () => {
  const { fenna } = people;
  await on("/journal/library", fenna, async (page) => {
    await page.getByRole("heading", { name: "Library" }).waitFor();
    await page.keyboard.press("l");
    await page.getByRole("combobox", { name: "Which game?" }).waitFor();
    await page.keyboard.type("Salt Road Almanac");
    await page.getByRole("option", { name: "Add “Salt Road Almanac” by hand" }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Add a game by hand" }).waitFor();
    await page.getByLabel("Name", { exact: true }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.type("2026-02");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Salt Road Almanac" }).waitFor();
    await page.getByText("Only you see this game until somebody approves it.").waitFor();
    const { items } = await as(fenna)("GET", "/api/games?q=salt%20road&state=pending");
    assert.equal(items[0].name, "Salt Road Almanac");
  });
});

test("the timeline shows a year, and statistics say in words and tables what they draw", async () => {
  await on("/journal/timeline", people.ilinca, async (page) => {
    await page.getByText(/In 2026 you finished 4 games/).waitFor();
    await page.getByRole("link", { name: /^2022/ }).click();
    await page.getByText(/In 2022 you finished 2 games/).waitFor();
    await page.getByRole("heading", { name: "July 2022" }).waitFor();
    await page.goto("/journal/statistics");
    const hours = page.getByRole("figure", { name: "By platform" });
    await hours.getByText(/You have played longest on PC/).waitFor();
    await hours.getByText("As a table").click();
    await hours.getByRole("row", { name: /Switch/ }).waitFor();
  });
});

test("an import is looked at row by row, told what it did not know, applied, and undone", async () => {
  const { tobble } = people;
  const library = async () => (await as(tobble)("GET", "/api/library?name=bell")).items;
  await on("/journal/import", tobble, async (page) => {
    await page.locator("input[type=file]").setInputFiles({ name: "list.json", mimeType: "application/json", buffer: ownList() });
    await page.getByRole("heading", { name: "From Cairn" }).waitFor();
    await page.getByRole("button", { name: "Unclear 1" }).click();
    await page.getByRole("button", { name: "Say which: Kestrel Belo" }).click();
    await page.getByRole("option", { name: /Thornless/ }).or(page.getByRole("combobox")).first().waitFor();
    await page.getByRole("combobox").fill("thornless");
    await page.getByRole("option", { name: /Thornless/ }).click();
    await page.getByRole("button", { name: "Put 2 games into the library" }).click();
    await page.getByText("In your library", { exact: true }).waitFor();
    assert.deepEqual((await library()).map(({ state }) => state), ["completed"]);
    await page.getByRole("button", { name: "Undo the import" }).click();
    await page.getByText("Undone", { exact: true }).waitFor();
    assert.deepEqual(await library(), []);
  });
});

function ownList() {
  const at = "2026-11-20T10:00:00Z";
  const entry = (name, year, state) => ({
    game: { name, year },
    state,
    audience: "friends",
    minutes: 60,
    loose_minutes: 60,
    playthroughs: [],
    history: [{ at, state }],
    added_at: at,
  });
  const entries = [entry("Bellwether", 2022, "completed"), entry("Kestrel Belo", 2026, "ongoing")];
  return Buffer.from(JSON.stringify({ format: "cairn-library-1", exported_at: at, entries }));
}
