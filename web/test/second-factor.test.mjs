// The second factor: turned on with the code of an app, asked for at the door, and turned off.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn } from "./cairn.mjs";
import { pagesOf } from "./pages.mjs";

const STEP_SECS = 30;
let cairn, pages, browser, ilinca, secret, recovery;

before(async () => {
  cairn = await Cairn.start();
  pages = await pagesOf(cairn);
  browser = await open();
  ilinca = await cairn.person("ilinca");
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** Refusals that a test provokes are told to the console by the browser itself; all else is a complaint. */
const real = (complaints) => complaints.filter((text) => !/status of 4\d\d/.test(text));

/** The code of an app (RFC 6238) so many steps from now. */
function code(base32, steps = 0) {
  const bits = [...base32].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_SECS) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest.at(-1) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

async function toCode(page) {
  await page.goto("/account/sign-in");
  await page.locator("input[name=email]").fill(ilinca.email);
  await page.locator("input[name=password]").fill(ilinca.password);
  await page.locator("form button[type=submit]").click();
  await page.getByRole("heading", { name: "Your second factor" }).waitFor();
}

test("it is turned on with the first code of an app, and shows its recovery codes once", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await signIn(page, ilinca);
  await page.goto("/account?section=sign-in");
  await page.locator("summary", { hasText: "Turn it on" }).click();
  const form = page.locator("form", { has: page.getByRole("button", { name: "Begin" }) });
  await form.locator("input[name=password]").fill("not the password");
  await form.getByRole("button", { name: "Begin" }).click();
  await page.getByText("That is not your password").waitFor();
  await form.locator("input[name=password]").fill(ilinca.password);
  await form.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("img", { name: "QR code with the secret for your app" }).waitFor();
  secret = (await page.getByRole("region", { name: "Second factor" }).locator("code").textContent()).replaceAll(/\s/g, "");
  await page.getByLabel("The code that the app shows").fill(code(secret));
  await page.getByRole("button", { name: "Turn it on" }).click();
  await page.getByText("Recovery codes, shown this once").waitFor();
  recovery = await page.getByRole("region", { name: "Second factor" }).getByRole("listitem").allTextContents();
  assert.equal(recovery.length, 10);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("10 recovery codes left").waitFor();
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("the door asks for it, refuses a wrong code, and opens with a recovery code", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await toCode(page);
  await page.getByLabel("Code of six digits").fill("000000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("That code is not right").waitFor();
  await page.getByLabel("Code of six digits").fill(recovery[0]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/journal");
  await page.goto("/account?section=sign-in");
  await page.getByText("9 recovery codes left").waitFor();
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("it is turned off with the password and a code", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await toCode(page);
  await page.getByLabel("Code of six digits").fill(recovery[1]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/journal");
  await page.goto("/account?section=sign-in");
  await page.locator("summary", { hasText: "Turn it off" }).click();
  const form = page.locator("form", { has: page.getByRole("button", { name: "Turn it off" }) });
  await form.locator("input[name=password]").fill(ilinca.password);
  await form.locator("input[name=code]").fill(recovery[2]);
  await form.getByRole("button", { name: "Turn it off" }).click();
  await page.locator("summary", { hasText: "Turn it on" }).waitFor();
  assert.deepEqual(real(complaints), []);
  await context.close();
});
