// The studio's pages in states that a tour of the addresses does not meet: what waits, what is open, what is shown another way. Axe
// finds nothing in them, and they fit the narrowest screen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn } from "./cairn.mjs";
import { pagesOf } from "./pages.mjs";
import { fillStudio } from "./studio.demo.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let cairn, pages, browser, owner, states;

before(async () => {
  cairn = await Cairn.start({ CAIRN_ACCOUNT_RATE: "0" });
  pages = await pagesOf(cairn);
  browser = await open();
  owner = await cairn.person("dunlin");
  const demo = await fillStudio(cairn, owner);
  const game = `/studio/${demo.studio}/${demo.game}`;
  const press = (name) => (page) => page.getByRole("button", { name }).first().click();
  const askForKeys = async (page) => {
    await page.getByRole("button", { name: /^Hide/ }).waitFor();
    await page.keyboard.press("?");
  };
  states = [
    ["first run", `${game}?env=dev`, press("Make a key")],
    ["live", `${game}/live`, (page) => page.getByText("Listening since").waitFor()],
    ["a trace", `${game}/world?scope=low-weir&trace=12`, (page) => page.getByRole("region", { name: "A trace", exact: true }).getByText("Left", { exact: true }).waitFor()],
    ["a trace that is hidden", `${game}/world?scope=low-weir&trace=999999`, (page) => page.getByText("It is hidden or gone").waitFor()],
    ["the map as a table", `${game}/world`, press("Table")],
    ["filters", `${game}/world`, press("Filters")],
    ["the picture of a level", `${game}/world`, press("Picture of the level")],
    ["runs as a table", `${game}/ghosts`, press("Table")],
    ["the keys of moderation", `${game}/moderation`, askForKeys],
    ["a key about to be revoked", `${game}/keys`, press("Revoke")],
    ["a player", `${game}/players`, press(/^Choose/)],
    ["the studios to pick from", `${game}/settings`, press(/^Studio, game and environment/)],
  ];
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** Opens each state; `look` says what is wrong with it. */
async function through(options, look) {
  const { context, page } = await view(browser, pages.url, options);
  await signIn(page, owner);
  const faults = [];
  for (const [name, path, act] of states) {
    await page.goto(path);
    await page.locator("h1").waitFor();
    await act(page);
    await page.waitForTimeout(300);
    faults.push(...(await look(page)).map((fault) => `${name}: ${fault}`));
  }
  await context.close();
  assert.deepEqual(faults, []);
}

for (const dark of [false, true]) {
  test(`axe finds nothing in the states of the studio's pages, ${dark ? "dark" : "light"}`, async () => {
    await through({ dark }, async (page) => {
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 140)).join(" | ")}`);
    });
  });
}

test("the states of the studio's pages fit a screen of 320 px", async () => {
  await through({ width: 320, height: 700 }, async (page) => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    return over > 0 ? [`${over} px too wide`] : [];
  });
});
