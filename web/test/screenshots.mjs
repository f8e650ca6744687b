// Pictures of every page, for people to look at: light and dark, wide and narrow, in both languages. `node screenshots.mjs [NAME...]`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { open, signIn, view } from "./browser.mjs";
import { Cairn } from "./cairn.mjs";
import { settled, tour } from "./tour.mjs";

const FOLDER = fileURLToPath(new URL("../screenshots", import.meta.url));
const LOOKS = [
  ["light", {}],
  ["dark", { dark: true }],
  ["narrow", { width: 390, height: 844 }],
  ["narrow-ro", { width: 390, height: 844, dark: true, language: "ro-RO" }],
];

const chosen = process.argv.slice(2);
await mkdir(FOLDER, { recursive: true });
const cairn = await Cairn.start();
const browser = await open();
try {
  const { stops } = await tour(cairn);
  for (const [look, options] of LOOKS) {
    for (const who of [undefined, ...new Set(stops.map((stop) => stop.who).filter(Boolean))]) {
      const { context, page } = await view(browser, cairn.url, options);
      if (who) await signIn(page, who);
      for (const { name, path } of stops.filter((stop) => stop.who === who && (chosen.length === 0 || chosen.includes(stop.name)))) {
        await page.goto(path);
        await settled(page);
        await page.screenshot({ path: `${FOLDER}/${name}-${look}.png`, fullPage: true });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await cairn.stop();
}
