// Saves and notices: versions, two sets that went apart, files brought by hand; what was told is read and deleted.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn, until } from "./cairn.mjs";
import { pagesOf } from "./pages.mjs";
import { fillPeople } from "./people.demo.mjs";

const SECS = 10;
let cairn, pages, browser, ilinca, saves;

before(async () => {
  cairn = await Cairn.start();
  pages = await pagesOf(cairn);
  browser = await open();
  const filled = await fillPeople(cairn);
  ({ ilinca } = filled.people);
  ({ saves } = filled);
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** A signed-in window on a page; complaints are checked when it is closed. */
async function on(path, run, options) {
  const { context, page, complaints } = await view(browser, pages.url, options);
  try {
    await signIn(page, ilinca);
    await page.goto(path);
    await run(page);
    assert.deepEqual(real(complaints), []);
  } finally {
    await context.close();
  }
}

/** Refusals that a test provokes are told to the console by the browser itself; all else is a complaint. */
const real = (complaints) => complaints.filter((text) => !/status of 4\d\d/.test(text));

const save = (id) => cairn.call("GET", `/api/saves/${id}`, undefined, ilinca);
const files = async (id) => {
  const { current } = await save(id);
  const manifest = await cairn.call("GET", `/api/saves/${id}/versions/${current.number}`, undefined, ilinca);
  return manifest.files.map(({ path, bytes }) => `${path} ${bytes}`);
};

test("a notice of two devices that went apart leads to both sets, and one press says which counts", async () => {
  const { id } = saves.quarry;
  await on("/journal/notices", async (page) => {
    await page.getByText(/A save of Kestrel Below was held back/).click();
    await page.getByRole("region", { name: "Two devices went apart" }).waitFor();
    const row = page.getByRole("row", { name: /slot1\.sav/ });
    await row.getByText("differs").waitFor();
    await page.getByRole("row", { name: /slot2\.sav/ }).getByText("not here").waitFor();
    await page.getByRole("button", { name: "Let this one count" }).click();
    await until(SECS, "it does not count", async () => (await files(id)).includes("slot2.sav 900"));
    await page.getByRole("region", { name: "Two devices went apart" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await until(SECS, "the undo does nothing", async () => (await files(id)).includes("settings.ini 8"));
  });
});

test("an old version is restored by keyboard alone, and its files can be fetched", async () => {
  const { id } = saves.orla;
  await on(`/journal/saves?save=${id}`, async (page) => {
    await page.getByRole("heading", { name: "3 versions" }).waitFor();
    await page.getByRole("button", { name: "Restore Version 1" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("restored from version 1").waitFor();
    await page.getByText("Files", { exact: true }).first().click();
    await page.getByRole("link", { name: "chapter.dat" }).waitFor();
  });
  assert.deepEqual(await files(id), ["chapter.dat 20000"]);
});

// The files go to the address that the server names: another origin where the pages stand before it.
test("files brought by hand become a version, and one that shrinks asks first", { skip: process.env.PAGES === "built" }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "cairn-save-"));
  const big = join(folder, "hard.sav");
  await writeFile(big, "x".repeat(9_000));
  await on("/journal/saves", async (page) => {
    await page.getByRole("button", { name: "New save" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("In a folder").check();
    await dialog.getByLabel("Folder", { exact: true }).fill("homebrew");
    await dialog.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("heading", { name: /homebrew/ }).waitFor();
    await page.getByLabel("Files", { exact: true }).setInputFiles(big);
    await page.getByLabel("Device").fill("Desktop");
    await page.getByRole("button", { name: "Make a version" }).click();
    await page.getByText("The new version is there").waitFor();
    await writeFile(big, "x");
    await page.getByLabel("Files", { exact: true }).setInputFiles(big);
    await page.getByRole("button", { name: "Make a version" }).click();
    await page.getByText("under a fifth").waitFor();
    await page.getByRole("button", { name: "Make it all the same" }).click();
    await page.getByRole("heading", { name: "2 versions" }).waitFor();
  });
  await rm(folder, { recursive: true });
});

test("a save is deleted after a dialog has asked", async () => {
  await on(`/journal/saves?save=${saves.retro.id}`, async (page) => {
    await page.getByRole("button", { name: "Delete the save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete the save" }).click();
    await page.getByText("The save is deleted").waitFor();
  });
  await assert.rejects(save(saves.retro.id), /404/);
});

test("the page says how programs are set up, with the address to copy and a password", async () => {
  await on("/journal/saves?save=set-up", async (page) => {
    await page.getByRole("region", { name: "RetroArch" }).getByText("/dav/saves/retroarch/main/").waitFor();
    await page.getByLabel("What it is for").fill("Handheld");
    await page.getByRole("button", { name: "Make a password" }).click();
    await page.getByText("The password for “Handheld”, shown this once").waitFor();
  });
});

test("notices are read one by one or all at once, and deleted", async () => {
  const unread = async () => (await cairn.call("GET", "/api/notices?limit=1", undefined, ilinca)).unread;
  const before = await unread();
  await on("/journal/notices", async (page) => {
    await page.getByRole("link", { name: /Quillwort follows you/ }).click();
    await page.getByRole("heading", { name: "Quillwort", level: 1 }).waitFor();
    await until(SECS, "it is unread still", async () => (await unread()) === before - 1);
    await page.goto("/journal/notices?show=unread");
    const rows = page.getByRole("button", { name: "Delete this notice" });
    await rows.first().waitFor();
    const count = await rows.count();
    await rows.first().click();
    await until(SECS, "it is there still", async () => (await rows.count()) === count - 1);
    await page.getByRole("button", { name: "Mark all as read" }).click();
    await page.getByText("All is read").waitFor();
  });
  assert.equal(await unread(), 0);
});
