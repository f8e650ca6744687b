// What holds on every page: no finding of axe, no sideways scrolling at 320 px, no complaint of the browser, bounded bytes and nodes.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { open, signIn, view } from "./browser.mjs";
import { Cairn } from "./cairn.mjs";
import { settled, tour } from "./tour.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const MOST_NODES = 1_500;

/** Bytes of one script, gzipped. What a first visit of a page fetches in all is printed. */
const MOST_CHUNK = 180_000;

const ASSETS = fileURLToPath(new URL("../dist/assets", import.meta.url));
let cairn, browser, stops;

before(async () => {
  // The same few people open all pages, four times.
  cairn = await Cairn.start({ CAIRN_ACCOUNT_RATE: "0" });
  browser = await open();
  ({ stops } = await tour(cairn));
});
after(async () => {
  await browser?.close();
  await cairn?.stop();
});

/** One window for each person, in which the pages are opened one after the other. */
async function through(options, look) {
  const faults = [];
  for (const who of [undefined, ...new Set(stops.map((stop) => stop.who).filter(Boolean))]) {
    const { context, page, complaints } = await view(browser, cairn.url, options);
    if (who) await signIn(page, who);
    for (const stop of stops.filter((stop) => stop.who === who)) {
      complaints.length = 0;
      await page.goto(stop.path);
      await settled(page);
      faults.push(...(await look(page, stop)).map((fault) => `${stop.name}: ${fault}`));
      const real = complaints.filter((text) => !/status of 4\d\d/.test(text));
      faults.push(...real.map((text) => `${stop.name}: the browser complains: ${text}`));
    }
    await context.close();
  }
  assert.deepEqual(faults, []);
}

async function axe(page) {
  await page.addScriptTag({ path: AXE });
  const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 3).join("; ")}`);
}

for (const [dark, language] of [[false, "en-GB"], [true, "ro-RO"]]) {
  test(`axe finds nothing, ${dark ? "dark" : "light"}, ${language}`, async () => {
    await through({ dark, language, bypass: true }, axe);
  });
}

test("at 320 px nothing scrolls sideways, with the longer language", async () => {
  await through({ width: 320, height: 640, language: "ro-RO" }, async (page) => {
    const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    return wide > seen ? [`${wide} px wide`] : [];
  });
});

test("pages have at most 1,500 nodes, and no script is large", async () => {
  const sizes = new Map();
  for (const name of await readdir(ASSETS)) {
    if (name.endsWith(".js")) sizes.set(`/assets/${name}`, gzipSync(await readFile(`${ASSETS}/${name}`)).length);
  }
  await through({}, async (page, stop) => {
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    const scripts = [...new Set(loaded)].filter((path) => sizes.has(path));
    const bytes = scripts.reduce((sum, path) => sum + sizes.get(path), 0);
    console.log(`${stop.name}: ${nodes} nodes, ${scripts.length} scripts, ${bytes} bytes gzipped`);
    return [
      ...(nodes > MOST_NODES ? [`${nodes} nodes`] : []),
      ...scripts.filter((path) => sizes.get(path) > MOST_CHUNK).map((path) => `${path} has ${sizes.get(path)} bytes`),
    ];
  });
});
