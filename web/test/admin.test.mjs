// The administration: a moderator settles twenty reports by keyboard, appeals, bans, moderators; games are approved, merged, settled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { fillAdmin } from "./admin.demo.mjs";
import { open, signIn, view } from "./browser.mjs";
import { Cairn, until } from "./cairn.mjs";
import { fillLibrary } from "./library.demo.mjs";
import { pagesOf } from "./pages.mjs";

const SECS = 10;
const TWENTY = 20;
let cairn, pages, browser, root, heron, people, ids;

before(async () => {
  cairn = await Cairn.start();
  pages = await pagesOf(cairn);
  browser = await open();
  ({ root, heron, people, ids } = await fillAdmin(cairn, await fillLibrary(cairn)));
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** A signed-in window on a page; what it complained of is checked when it is closed. */
async function on(path, person, run, options) {
  const { context, page, complaints } = await view(browser, pages.url, options);
  try {
    await signIn(page, person);
    await page.goto(path);
    await run(page);
    assert.deepEqual(complaints.filter((text) => !/status of 4\d\d/.test(text)), []);
  } finally {
    await context.close();
  }
}

const waiting = async () => (await cairn.call("GET", "/api/moderation/queue?limit=50", undefined, heron)).items;
const verdicts = async () => (await cairn.call("GET", "/api/moderation/audit?limit=100", undefined, heron)).items;
const caseAtHand = (page) => page.locator("[aria-current=true][data-case]").getAttribute("data-case");

/** Waits until that case is at hand, or with `not` another one. */
async function atHand(page, key, { not = false } = {}) {
  await until(SECS, `${key} is ${not ? "still" : "not"} at hand`, async () => ((await caseAtHand(page)) === key) !== not);
}

/** Presses a key, and waits until the case at hand is another one. */
async function settle(page, key) {
  const before = await caseAtHand(page);
  await page.keyboard.press(key);
  await atHand(page, before, { not: true });
}

test("what waits is walked through by keyboard, and a decision is taken back", async () => {
  await on("/admin/reports", heron, async (page) => {
    const first = await caseAtHand(page);
    await settle(page, "j");
    const second = await caseAtHand(page);
    await settle(page, "k");
    await atHand(page, first);
    await settle(page, "j");
    const before = (await waiting()).length;
    const askedAgain = page.waitForResponse(/moderation\/queue/);
    await settle(page, "h");
    await page.getByText(/^Hidden: /).waitFor();
    await askedAgain;
    assert.equal((await waiting()).length, before - 1);
    await page.keyboard.press("z");
    await until(SECS, "it is not taken back", async () => (await waiting()).length === before);
    await atHand(page, second);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "All keys" }).waitFor();
    await page.keyboard.press("Escape");
  });
});

test("the reason is chosen by keyboard, with a word to the author, who reads both and appeals; the appeal is granted", async () => {
  const { id } = await cairn.call("POST", "/api/thoughts", { game: ids["Saltglass"], text: "Buy my map", audience: "public" }, people.brumble);
  await cairn.call("POST", "/api/reports", { kind: "thought", id, reason: "other" }, people.ilinca);
  await on("/admin/reports?kind=thought", heron, async (page) => {
    await page.getByRole("button", { name: /Buy my map/ }).click();
    await page.keyboard.press("r");
    await page.getByLabel("Reason").selectOption("spam");
    await page.getByLabel("Reason").press("Enter");
    await page.keyboard.press("n");
    await page.keyboard.type("Maps are sold elsewhere.");
    await page.keyboard.press("Escape");
    await settle(page, "h");
    await until(SECS, "it is not hidden", async () => (await verdicts())[0].id === id);
    const [{ action, reason, note }] = await verdicts();
    assert.deepEqual([action, reason, note], ["hide", "spam", "Maps are sold elsewhere."]);
  });
  await on("/journal/notices?show=verdicts", people.brumble, async (page) => {
    await page.getByText("Maps are sold elsewhere.").waitFor();
    await page.getByText("Appeal", { exact: true }).first().click();
    await page.getByRole("textbox").fill("It is free.");
    await page.locator("form button[type=submit]").click();
    await until(SECS, "no appeal comes", async () => (await waiting()).some((one) => one.id === id && one.appeal?.text === "It is free."));
  });
  await on("/admin/reports?kind=thought", heron, async (page) => {
    await page.getByRole("button", { name: /Buy my map/ }).click();
    await page.getByText("It is free.").waitFor();
    await page.keyboard.press("a");
    await page.getByText(/^Appeal granted: /).waitFor();
    const seen = () => cairn.call("GET", `/api/thoughts/${id}`, undefined, people.ilinca).then(() => true, () => false);
    await until(SECS, "it is not shown again", seen);
  });
});

test("a ban hides what was reported and bans its author, for a time or for good", async () => {
  await on("/admin/reports?kind=challenge", heron, async (page) => {
    await caseAtHand(page);
    await page.getByLabel("A ban lasts").selectOption("0");
    await page.keyboard.press("b");
    await page.getByText("Banned, for good: FREE SKINS ➜ link").waitFor();
    await page.getByText("Nothing waits").waitFor();
    await until(SECS, "nobody is banned", async () => (await cairn.call("GET", "/v1/account", undefined, people.skinz4u_88)).ban !== undefined);
    const { ban } = await cairn.call("GET", "/v1/account", undefined, people.skinz4u_88);
    assert.equal(ban.until, undefined, "for good");
    await page.getByRole("button", { name: "In force" }).click();
    await page.getByRole("button", { name: /Free skins for the first 100/ }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await until(SECS, "the ban stays", async () => (await cairn.call("GET", "/v1/account", undefined, people.skinz4u_88)).ban === undefined);
  });
});

test("twenty reports are settled by keyboard alone", async () => {
  const before = await waiting();
  assert.ok(before.length >= TWENTY, `${before.length} wait`);
  await on("/admin/reports", heron, async (page) => {
    await caseAtHand(page);
    const began = Date.now();
    for (let i = 0; i < before.length; i++) {
      const isLast = i === before.length - 1;
      if (isLast) await page.keyboard.press("h");
      else await settle(page, i % 4 === 3 ? "a" : "h");
    }
    await page.getByText("Nothing waits").waitFor();
    console.log(`${before.length} cases in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    await until(SECS, "something waits", async () => (await waiting()).length === 0);
  });
});

test("an administrator appoints a moderator and dismisses them; others have no way in", async () => {
  await on("/admin/moderators", root, async (page) => {
    await page.getByLabel("Username").fill("fenna");
    await page.getByRole("button", { name: "Appoint" }).click();
    await page.getByText("fenna moderates from now on").waitFor();
    assert.equal((await cairn.call("GET", "/v1/account", undefined, people.fenna)).moderator, true);
    await page.getByRole("button", { name: "Dismiss: fenna" }).click();
    await page.getByText("fenna moderates no longer").waitFor();
    assert.equal((await cairn.call("GET", "/v1/account", undefined, people.fenna)).moderator, false);
    await page.goto("/admin/audit?username=fenna");
    await page.getByRole("rowheader", { name: "Moderator no longer" }).waitFor();
  });
  await on("/admin/reports", people.fenna, async (page) => {
    await page.getByText("This is for those who look after this installation").waitFor();
    await page.goto("/journal");
    await page.getByRole("button", { name: "You and your account" }).click();
    await page.getByRole("menuitem", { name: "Studio" }).waitFor();
    assert.equal(await page.getByRole("menuitem", { name: "Administration" }).count(), 0);
  });
});

test("a person reports a thought from where it stands, once", async () => {
  const { id } = await cairn.call("POST", "/api/thoughts", { game: ids["Thornless"], text: "Cheap gold here", audience: "public" }, people.fenna);
  await on(`/journal/thoughts/${id}`, people.tobble, async (page) => {
    await page.getByRole("button", { name: "Report this thought: fenna" }).click();
    await page.getByLabel("What is wrong").selectOption("spam");
    await page.getByLabel("Anything to add").fill("Gold again.");
    await page.getByRole("button", { name: "Send the report" }).click();
    await page.getByRole("button", { name: "Reported: fenna" }).waitFor();
    const [one] = await waiting();
    assert.deepEqual([one.id, one.reasons, one.notes], [id, [{ reason: "spam", reports: 1 }], ["Gold again."]]);
  });
});

test("games are approved, merged with a preview, and unclear records settled", async () => {
  const game = (name) => cairn.call("GET", `/api/games?q=${encodeURIComponent(name)}`).then(({ items }) => items);
  await on("/admin/titles", root, async (page) => {
    await page.getByRole("heading", { name: "Kestrel Bellow" }).waitFor();
    await page.getByRole("link", { name: "It is this one: Kestrel Below" }).click();
    await page.getByRole("row", { name: /Other names.*Kestrel Bellow/ }).waitFor();
    await page.getByRole("button", { name: "Merge them" }).click();
    await page.getByText("“Kestrel Bellow” becomes “Kestrel Below”").waitFor();
    await page.getByRole("link", { name: "Awaiting approval" }).click();
    await page.getByRole("heading", { name: "The Ferryman’s Ledger" }).waitFor();
    const merged = () => cairn.call("GET", `/api/games/${ids["Kestrel Below"]}`);
    await until(SECS, "they are not merged", async () => (await merged()).other_names.includes("Kestrel Bellow"));

    await page.getByLabel("Publisher").fill("Two Rooks");
    await page.getByLabel("Publisher").blur();
    await page.keyboard.press("a");
    await page.getByText("“The Ferryman’s Ledger” approved").waitFor();
    await page.keyboard.press("z");
    await page.getByRole("heading", { name: "The Ferryman’s Ledger" }).waitFor();
    assert.equal((await game("The Ferryman’s Ledger")).length, 0, "nothing was sent");
    await page.getByLabel("Publisher").fill("Two Rooks");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("link", { name: "Unclear" }).click();
    await until(SECS, "it is not approved", async () => (await game("The Ferryman’s Ledger")).length > 0);

    await page.getByRole("heading", { name: "Bellwether" }).waitFor();
    await page.keyboard.press("1");
    await page.getByText("“Bellwether” is that game").waitFor();
    await page.keyboard.press("n");
    await page.getByText("“Saltglass” is a new game").waitFor();
    await page.keyboard.press("p");
    await page.getByText("No record is unclear").waitFor();
    await page.getByRole("link", { name: "Installation" }).click();
    const left = async () => (await cairn.call("GET", "/api/games/unclear", undefined, root)).items.length;
    await until(SECS, "records are left", async () => (await left()) === 0);
    const { external } = await cairn.call("GET", `/api/games/${ids["Bellwether"]}`);
    assert.deepEqual(external, [{ source: "shelf", id: "11" }]);
    await page.getByText("ready", { exact: true }).waitFor();
  });
});
