// The doors: making an account, signing in, a forgotten password, the set-up, and who has no username yet.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn } from "./cairn.mjs";
import { pagesOf } from "./pages.mjs";

const PASSWORD = "a lantern on the ridge";
let cairn, pages, browser;

before(async () => {
  cairn = await Cairn.start();
  pages = await pagesOf(cairn);
  browser = await open();
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** Refusals that a test provokes are told to the console by the browser itself; all else is a complaint. */
const real = (complaints) => complaints.filter((text) => !/status of 4\d\d/.test(text));

test("a person makes an account with the code of the email, and is in the journal", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await page.goto("/account/register");
  await page.getByLabel("Email address").fill("ilinca@example.org");
  await page.getByRole("button", { name: "Send me the code" }).click();
  await page.getByRole("heading", { name: "The code, and your name" }).waitFor();
  const form = page.locator("form");
  await page.getByLabel("Code").fill("0123456789abcdef0123456789abcdef");
  await page.getByLabel("Username").fill("ilinca");
  await page.locator("input[name=password]").fill(PASSWORD);
  await form.getByRole("button", { name: "Create my account" }).click();
  await page.getByText("This code is not valid").waitFor();
  assert.equal(await page.getByLabel("Code").getAttribute("aria-invalid"), "true", "the fault is beside the code");

  await page.getByLabel("Code").fill(await cairn.mailedCode("ilinca@example.org"));
  await page.getByLabel("Username").fill("ilinca");
  await page.locator("input[name=password]").fill(PASSWORD);
  await form.getByRole("button", { name: "Create my account" }).click();
  await page.waitForURL("**/journal");
  const me = await cairn.call("GET", "/api/users", undefined, await cairn.signIn("ilinca@example.org", PASSWORD));
  assert.equal(me.username, "ilinca");
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("the code of a link fills itself and leaves the address", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await cairn.call("POST", "/api/users", { email: "oskar@example.org" });
  const code = await cairn.mailedCode("oskar@example.org");
  await page.goto(`/account/confirm#code=${code}`);
  await page.getByLabel("Username").waitFor();
  assert.equal(new URL(page.url()).hash, "", "the code is not in the address any more");
  assert.equal(await page.getByLabel("Code").count(), 0, "nobody is asked for a code that is there");
  await page.getByLabel("Username").fill("Ilinca");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.getByText("is taken").waitFor();
  await page.getByLabel("Username").fill("oskar_t");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.waitForURL("**/journal");
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("signing in by keyboard alone leads back to where one wanted to go", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await page.goto("/journal/notices");
  await page.waitForURL("**/account/sign-in?return_to=*");
  await page.locator("input[name=email]").focus();
  await page.keyboard.type("ilinca@example.org");
  await page.keyboard.press("Tab");
  await page.keyboard.type("not the password");
  await page.keyboard.press("Enter");
  await page.getByText("do not belong together").waitFor();
  assert.equal(await page.locator("input[name=email]").inputValue(), "ilinca@example.org", "what was typed stays");
  await page.locator("input[name=password]").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/journal/notices");
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("a forgotten password is replaced with the code of an email", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  const old = await cairn.mailedCode("oskar@example.org");
  await page.goto("/account/forgotten");
  await page.getByLabel("Email address").fill("oskar@example.org");
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByLabel("Code").fill(await cairn.mailedCode("oskar@example.org", old));
  await page.locator("input[name=password]").fill("another lantern entirely");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("The new password holds").waitFor();
  await signIn(page, { email: "oskar@example.org", password: "another lantern entirely" });
  await page.waitForURL("**/journal");
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("the set-up makes the administrator once, who then chooses a username for the journal", async () => {
  const { context, page, complaints } = await view(browser, pages.url, { language: "ro-RO" });
  const [, code] = cairn.printed.match(/"code":"([0-9a-f]+)"/) ?? cairn.printed.match(/#code=([0-9a-f]+)/);
  await page.goto(`/account/setup#code=${code}`);
  await page.getByLabel("Adresa de email").fill("root@example.org");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.getByRole("button", { name: "Configurează Cairn" }).click();
  await page.waitForURL("**/studio");
  await page.goto("/journal");
  await page.waitForURL("**/account/username?return_to=*");
  await page.getByLabel("Numele de utilizator").fill("root_of_all");
  await page.getByRole("button", { name: "Ia acest nume" }).click();
  await page.waitForURL("**/journal");

  await page.goto(`/account/setup#code=${code}`);
  await page.getByLabel("Adresa de email").fill("second@example.org");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.getByRole("button", { name: "Configurează Cairn" }).click();
  await page.getByRole("heading", { name: "Codul este folosit" }).waitFor();
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("an invitation waits in the tab until its guest has signed in", async () => {
  const root = await cairn.signIn("root@example.org", PASSWORD);
  await cairn.call("POST", "/v1/studios", { name: "moss", display_name: "Moss & Fern" }, root);
  const old = await cairn.mailedCode("ilinca@example.org");
  await cairn.call("POST", "/v1/studios/moss/invitations", { email: "ilinca@example.org", role: "developer" }, root);
  const code = await cairn.mailedCode("ilinca@example.org", old);
  const { context, page, complaints } = await view(browser, pages.url);
  await page.goto(`/account/invitation#code=${code}`);
  await page.waitForURL("**/account/sign-in?return_to=*");
  await page.locator("input[name=email]").fill("ilinca@example.org");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("form button[type=submit]").click();
  await page.getByRole("button", { name: "Join the studio" }).click();
  await page.getByRole("heading", { name: "Welcome to Moss & Fern" }).waitFor();
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("a suspicious network proves by work that it is no program, without the person doing anything", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  const proofs = [];
  await page.route("**/api/users", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const proof = route.request().headers()["cairn-proof"];
    proofs.push(proof);
    if (proof) return route.fulfill({ status: 202, json: { email: "tobble@example.org" } });
    const problem = { type: "about:blank", title: "", status: 403, detail: "", code: "proof_needed", request_id: "" };
    await route.fulfill({ status: 403, json: { ...problem, proof: { kind: "work", challenge: "a challenge", bits: 12, expires_at: "2100-01-01T00:00:00Z" } } });
  });
  await page.goto("/account/register");
  await page.getByLabel("Email address").fill("tobble@example.org");
  await page.getByRole("button", { name: "Send me the code" }).click();
  await page.getByRole("heading", { name: "The code, and your name" }).waitFor();
  const [first, second] = proofs;
  assert.equal(first, undefined);
  assert.match(second, /^a challenge:\d+$/);
  assert.equal(createHash("sha256").update(second).digest().readUInt32BE(0) >>> 20, 0, "its digest begins with twelve zero bits");
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("providers are offered where there are some, and what went wrong there is said", async () => {
  const { context, page, complaints } = await view(browser, pages.url);
  await page.route("**/v1/account/providers", (route) => route.fulfill({ json: { items: [{ id: "hearth", display_name: "Hearth" }] } }));
  await page.goto("/account/sign-in?error=provider_denied&provider=hearth&return_to=/journal/saves");
  await page.getByText("You have not given leave there").waitFor();
  const link = page.getByRole("link", { name: "Sign in with Hearth" });
  assert.equal(await link.getAttribute("href"), "/v1/account/oidc/hearth/start?return_to=%2Fjournal%2Fsaves");
  await page.goto("/account/sign-in?return_to=https://elsewhere.example/");
  assert.equal(await link.getAttribute("href"), "/v1/account/oidc/hearth/start?return_to=%2Fjournal", "nobody is led elsewhere");
  await page.goto("about:blank");
  await page.goto("/account/sign-in#challenge=0123");
  await page.getByRole("heading", { name: "Your second factor" }).waitFor();
  assert.deepEqual(real(complaints), []);
  await context.close();
});

test("what is wrong with a field is a sentence in the language of the pages", async () => {
  const { context, page, complaints } = await view(browser, pages.url, { language: "ro-RO" });
  await cairn.call("POST", "/api/users", { email: "fenna@example.org" });
  await page.goto(`/account/confirm#code=${await cairn.mailedCode("fenna@example.org")}`);
  await page.getByLabel("Numele de utilizator").fill("fenna");
  await page.locator("input[name=password]").fill("password");
  await page.getByRole("button", { name: "Creează-mi contul" }).click();
  await page.getByText("Este una dintre primele care se ghicesc. Alege alta.").waitFor();
  assert.equal(await page.locator("input[name=password]").getAttribute("aria-invalid"), "true");
  assert.deepEqual(real(complaints), []);
  await context.close();
});
