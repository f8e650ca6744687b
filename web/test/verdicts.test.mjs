// A report, the verdict of a moderator as its author is told of it, and the appeal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn } from "./cairn.mjs";
import { pagesOf } from "./pages.mjs";

let cairn, pages, browser, root, ilinca, oskar;

before(async () => {
  cairn = await Cairn.start();
  pages = await pagesOf(cairn);
  browser = await open();
  root = await cairn.administrator();
  ilinca = await cairn.person("ilinca");
  oskar = await cairn.person("oskar_t");
  await cairn.call("PUT", "/api/users", { username: "oskar_t", display_name: "Buy Cheap Gold", bio: "Gold, cheap." }, oskar);
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** A signed-in window on a page; complaints are checked when it is closed. */
async function on(path, person, run) {
  const { context, page, complaints } = await view(browser, pages.url);
  try {
    await signIn(page, person);
    await page.goto(path);
    await run(page);
    assert.deepEqual(complaints.filter((text) => !/status of 4\d\d/.test(text)), []);
  } finally {
    await context.close();
  }
}

test("a person is reported, with a reason and a note that the moderators read", async () => {
  await on("/journal/people/oskar_t", ilinca, async (page) => {
    await page.getByRole("button", { name: "Options for Buy Cheap Gold" }).click();
    await page.getByRole("menuitem", { name: "Report" }).click();
    await page.getByLabel("What is wrong").selectOption("spam");
    await page.getByLabel("Anything to add").fill("Sells gold.");
    await page.getByRole("button", { name: "Send the report" }).click();
    await page.getByText("Reported. You are told").waitFor();
  });
  const { items } = await cairn.call("GET", "/api/moderation/queue", undefined, root);
  assert.deepEqual(items.map(({ kind, id, notes }) => [kind, id, notes]), [["person", "oskar_t", ["Sells gold."]]]);
});

test("whom a verdict is about reads it, and appeals once", async () => {
  const verdict = { subjects: [{ kind: "person", id: "oskar_t" }], action: "clear_name", reason: "spam", note: "No adverts." };
  await cairn.call("POST", "/api/moderation/verdicts", verdict, root);
  await on("/journal/notices", oskar, async (page) => {
    await page.getByText("A moderator has taken your names away; choose others in your profile").click();
    await page.getByText("No adverts.").waitFor();
    await page.getByText("Appeal", { exact: true }).click();
    await page.getByLabel("Why it should be otherwise").fill("It is a joke.");
    await page.getByRole("button", { name: "Send the appeal" }).click();
    await page.getByText("Your appeal waits").waitFor();
  });
  const { items } = await cairn.call("GET", "/api/verdicts", undefined, oskar);
  assert.equal(items[0].appeal.text, "It is a joke.");
});

test("who reported is told that it was right", async () => {
  await on("/journal/notices", ilinca, async (page) => {
    await page.getByText("A report of yours was right, and something was done").waitFor();
  });
});
