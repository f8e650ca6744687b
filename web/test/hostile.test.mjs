// A thousand hostile texts, as names, thoughts, answers, descriptions and titles: nothing of them runs, and no page breaks.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn } from "./cairn.mjs";
import { settled } from "./tour.mjs";

/** What would leave a mark if it ran. */
const MARK = "globalThis.__ran=(globalThis.__ran||0)+1";
const AHEAD = 8;

/** Texts that try to be more than text. */
const attacks = [
  `<script>${MARK}</script>`,
  `<script src="data:text/javascript,${MARK}"></script>`,
  `<img src=x onerror="${MARK}">`,
  `<svg onload="${MARK}"><circle r="9"/></svg>`,
  `<svg><script>${MARK}</script></svg>`,
  `<svg><animate onbegin="${MARK}" attributeName=x dur=1s>`,
  `<body onload="${MARK}">`,
  `<details open ontoggle="${MARK}">x</details>`,
  `<input autofocus onfocus="${MARK}">`,
  `<video><source onerror="${MARK}"></video>`,
  `<iframe srcdoc="<script>parent.${MARK}</script>"></iframe>`,
  `<iframe src="javascript:parent.${MARK}"></iframe>`,
  `<object data="javascript:${MARK}"></object>`,
  `<embed src="javascript:${MARK}">`,
  `<a href="javascript:${MARK}">here</a>`,
  `<math><mtext></p><img src=x onerror="${MARK}"></mtext></math>`,
  `<noscript><p title="</noscript><img src=x onerror=${MARK}>">`,
  `<style>*{display:none!important}</style>`,
  `<link rel=stylesheet href="data:text/css,*{display:none}">`,
  `<base href="https://elsewhere.example/">`,
  `<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">`,
  `<form action="https://elsewhere.example/"><button>Sign in</button></form>`,
  `</title></script></style><script>${MARK}</script>`,
  `]]><script>${MARK}</script><![CDATA[`,
  `--><script>${MARK}</script><!--`,
  `"><img src=x onerror="${MARK}">`,
  `'-${MARK}-'`,
  `\`\${${MARK}}\``,
  `{{constructor.constructor('${MARK}')()}}`,
  `[here](javascript:${MARK})`,
  `[here](data:text/html,<script>${MARK}</script>)`,
  `![x](x" onerror="${MARK})`,
  `![pixel](https://elsewhere.example/pixel.png)`,
  `[x]: javascript:${MARK}`,
  `<javascript:${MARK}>`,
  `||<img src=x onerror="${MARK}">||`,
  `\`\`\`html\n<script>${MARK}</script>\n\`\`\``,
  `&lt;script&gt;${MARK}&lt;/script&gt;`,
  `&#60;img src=x onerror=${MARK}&#62;`,
  `%3Cscript%3E${MARK}%3C/script%3E`,
];

/** Texts that try to break a page or whoever reads it. */
const oddities = [
  "W".repeat(300),
  "ș".repeat(200),
  "一二三四五六七八九十".repeat(12),
  "\u202Eright to left\u202C \u2066inside\u2069",
  "نص عربي مع English في الوسط",
  "Z\u0351\u036B\u0343\u036A\u0302a\u0348\u0345lgo".repeat(8),
  "👩‍👩‍👧‍👦".repeat(20),
  "\u200B\u200C\u200D zero \uFEFF width",
  "null",
  "undefined",
  "[object Object]",
  "NaN",
  "-1e308",
  "1; DROP TABLE account; --",
  "' OR '1'='1",
  "../../../../etc/passwd",
  "%s%s%s%n %d {0} {1}",
  "a b  c",
  "# # # ####### heading",
  "> ".repeat(60) + "deep",
  "- ".repeat(60) + "list",
  "| a | b |\n|---|---|\n" + "| x | y |\n".repeat(30),
  "*".repeat(200),
  "[".repeat(150),
  "<".repeat(150),
];

/** The thousand: every text alone and within others. */
const frames = [(t) => t, (t) => `before ${t}`, (t) => `${t} after`, (t) => `**${t}**`, (t) => `"${t}"`, (t) => `(${t})`, (t) => `<b>${t}</b>`];
const texts = [...attacks, ...oddities].flatMap((text) => frames.map((frame) => frame(text)));
while (texts.length < 1000) texts.push(`${texts[texts.length % attacks.length]} ${texts.length}`);

let cairn, browser, ann, games, thought;

before(async () => {
  cairn = await Cairn.start({ CAIRN_ADDRESS_RATE: "0", CAIRN_ACCOUNT_RATE: "0" });
  browser = await open();
  const root = await cairn.administrator();
  ann = await cairn.person("ann");
  games = [];
  const add = async (name) => games.push((await cairn.call("POST", "/api/games", { name, developer: name.slice(0, 100) }, root)).id);
  const at = (part, of) => texts.filter((_, i) => i % of === part);
  await each(at(0, 4).map((name) => name.replaceAll(/[\n\t]/g, " ").slice(0, 190)), add);
  const [game] = games;
  for (const id of games.slice(0, 120)) await taken(() => cairn.call("POST", "/api/library", { game: id, state: "ongoing" }, ann));
  await each(at(1, 4), (text) => taken(() => cairn.call("POST", "/api/thoughts", { game, text, audience: "public" }, ann)));
  thought = (await cairn.call("POST", "/api/thoughts", { game, text: "the one with answers", audience: "public" }, ann)).id;
  await each(at(2, 4), (text) => taken(() => cairn.call("POST", `/api/thoughts/${thought}/comments`, { text: text.slice(0, 900) }, ann)));
  const profile = { display_name: `<img src=x onerror="x">`.slice(0, 32), bio: attacks.slice(0, 12).join(" ").slice(0, 500), audience: "public" };
  await cairn.call("PUT", "/api/users", profile, ann);
});
after(async () => {
  await browser?.close();
  await cairn?.stop();
});

async function each(list, act) {
  for (let i = 0; i < list.length; i += AHEAD) await Promise.all(list.slice(i, i + AHEAD).map(act));
}

/** A text may be refused for what it is; then nobody sees it. */
async function taken(call) {
  try {
    await call();
  } catch (error) {
    if (!/: (409|422) /.test(String(error))) throw error;
  }
}

test("nothing of a thousand hostile texts runs, and no page is wider than its window", async () => {
  assert.equal(texts.length, 1000);
  const pages = [
    ["/", undefined],
    [`/games/${games[0]}`, undefined],
    [`/games/${games[2]}`, undefined],
    [`/thoughts/${thought}`, undefined],
    ["/people/ann", undefined],
    ["/journal", ann],
    ["/journal/library", ann],
    [`/journal/games/${games[0]}`, ann],
    [`/journal/games/${games[1]}`, ann],
    [`/journal/thoughts/${thought}`, ann],
    ["/journal/timeline", ann],
    ["/journal/statistics", ann],
    ["/journal/people/ann", ann],
    ["/account", ann],
  ];
  const faults = [];
  for (const width of [1280, 390]) {
    for (const who of [undefined, ann]) {
      const { context, page, complaints } = await view(browser, cairn.url, { width });
      page.on("dialog", (dialog) => faults.push(`a dialog: ${dialog.message()}`));
      page.on("request", (request) => new URL(request.url()).origin === cairn.url || request.url().startsWith("blob:") || faults.push(`asked ${request.url()}`));
      if (who) await signIn(page, who);
      for (const [path] of pages.filter(([, viewer]) => viewer === who)) {
        await page.goto(path);
        await settled(page);
        await page.mouse.wheel(0, 4000);
        for (const summary of await page.locator("main summary").all()) await summary.click({ timeout: 500 }).catch(() => {});
        const { ran, wide, seen, url } = await page.evaluate(() => ({
          ran: globalThis.__ran ?? 0,
          wide: document.documentElement.scrollWidth,
          seen: innerWidth,
          url: location.href,
        }));
        if (ran) faults.push(`${path}: ${ran} ran`);
        if (wide > seen) faults.push(`${path}: ${wide} px wide in ${seen}`);
        if (!url.startsWith(cairn.url)) faults.push(`${path}: left for ${url}`);
      }
      faults.push(...complaints.filter((text) => !/status of 4\d\d/.test(text)));
      await context.close();
    }
  }
  assert.deepEqual(faults, []);
});
