// What a person decides about their account: profile, preferences, privacy, notices, sign-in, programs, and its end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn, until } from "./cairn.mjs";
import { pagesOf } from "./pages.mjs";

const SECS = 10;
let cairn, pages, browser, ilinca, oskar;

before(async () => {
  cairn = await Cairn.start();
  pages = await pagesOf(cairn);
  browser = await open();
  ilinca = await cairn.person("ilinca");
  oskar = await cairn.person("oskar_t");
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** A signed-in window on a section of the account; complaints are checked when it is closed. */
async function on(section, person, run, options) {
  const { context, page, complaints } = await view(browser, pages.url, options);
  try {
    await signIn(page, person);
    await page.goto(`/account?section=${section}`);
    await run(page, context);
    assert.deepEqual(real(complaints), []);
  } finally {
    await context.close();
  }
}

/** Refusals that a test provokes are told to the console by the browser itself; all else is a complaint. */
const real = (complaints) => complaints.filter((text) => !/status of 4\d\d/.test(text));

const me = (who = ilinca) => cairn.call("GET", "/api/users", undefined, who);

test("the profile is saved as a whole, and the username stays", async () => {
  await on("profile", ilinca, async (page) => {
    await page.getByLabel("Name", { exact: true }).fill("Ilinca");
    await page.getByLabel("About you").fill("Ledges and weirs.");
    await page.getByText("483 characters left").waitFor();
    await page.getByLabel("Languages").selectOption("ro");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
  });
  const { display_name, bio, languages, username } = await me();
  assert.deepEqual({ display_name, bio, languages, username }, { display_name: "Ilinca", bio: "Ledges and weirs.", languages: ["ro"], username: "ilinca" });
});

test("a username is changed once, and a taken one is refused beside the field", async () => {
  await on("profile", ilinca, async (page) => {
    await page.getByRole("textbox", { name: "Username" }).fill("OSKAR-T");
    await page.getByRole("button", { name: "Change it" }).click();
    await page.getByText("is taken").waitFor();
    await page.getByRole("textbox", { name: "Username" }).fill("ilinca_r");
    await page.getByRole("button", { name: "Change it" }).click();
    await page.getByText("and can change it from").waitFor();
  });
  assert.equal((await me()).username, "ilinca_r");
});

test("a preference is changed at once and taken back by its undo; the language speaks at once", async () => {
  await on("preferences", ilinca, async (page) => {
    await page.getByLabel("Currency").selectOption("RON");
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await until(SECS, "the currency is not kept", async () => (await me()).preferences.currency === "RON");
    await page.getByRole("button", { name: "Undo" }).click();
    await until(SECS, "the undo does nothing", async () => (await me()).preferences.currency !== "RON");
    await page.getByText("Night", { exact: true }).click();
    await until(SECS, "the theme is not kept", async () => (await me()).preferences.theme === "dark");
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await page.getByLabel("Language").selectOption("ro");
    await page.getByRole("heading", { name: "Preferințe" }).waitFor();
    await until(SECS, "the language is not kept", async () => (await me()).preferences.language === "ro");
  });
});

test("a device where nothing was chosen takes over the theme and the language of the profile", async () => {
  const { context, page } = await view(browser, pages.url);
  await signIn(page, ilinca);
  await page.getByRole("link", { name: "Bibliotecă" }).first().waitFor();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await context.close();
  const { username, display_name, bio, languages } = await me();
  await cairn.call("PUT", "/api/users", { username, display_name, bio, languages }, ilinca);
});

test("privacy is one press each, and a place becomes an area", async () => {
  await on("privacy", ilinca, async (page) => {
    await page.getByLabel("by your name").check();
    await until(SECS, "not found by name", async () => (await me()).found_by.name === true);
    await page.getByRole("radio", { name: "Friends" }).click();
    await until(SECS, "the audience is not kept", async () => (await me()).audience === "friends");
    await page.getByText("Nothing: no profile, no games, no thoughts.").waitFor();
    await page.getByLabel("Latitude").fill("46,77");
    await page.getByLabel("Longitude").fill("23.62");
    await page.getByLabel("How large an area").selectOption("large");
    await page.getByRole("button", { name: "Keep this area" }).click();
    await page.getByText("Your area is kept: about 1,770 km²").waitFor();
  });
  assert.equal((await cairn.call("GET", "/api/people/place", undefined, ilinca)).area, "large");
});

test("the browser's place is rounded before it is sent", async () => {
  await on("privacy", oskar, async (page, context) => {
    await context.grantPermissions(["geolocation"]);
    await context.setGeolocation({ latitude: 46.77121, longitude: 23.62365 });
    await page.getByRole("button", { name: "Use where I am now" }).click();
    await page.waitForFunction(() => document.querySelector("input[placeholder='46.77']").value === "46.77");
    assert.equal(await page.getByLabel("Longitude").inputValue(), "23.62");
  });
});

test("each kind of notice is wanted in the app, by email, or not", async () => {
  await on("notices", ilinca, async (page) => {
    const followed = async () =>
      (await cairn.call("GET", "/api/notices/settings", undefined, ilinca)).items.find(({ kind }) => kind === "followed");
    const [app, mail] = ["In the app", "By email"].map((way) => page.getByLabel(`Somebody follows you: ${way}`));
    await app.uncheck();
    await until(SECS, "it is told still", async () => !(await followed()).app);
    await mail.check();
    assert.ok(await app.isChecked(), "what comes by email is told in the app too");
    await until(SECS, "the wish is not kept", async () => {
      const wish = await followed();
      return wish.mail && wish.app;
    });
  });
});

test("the password is changed, and other sessions end", async () => {
  const other = await cairn.signIn(oskar.email, oskar.password);
  await on("sign-in", oskar, async (page) => {
    await page.getByText("This one").waitFor();
    await page.locator("summary", { hasText: "Change the password" }).click();
    const form = page.locator("form", { has: page.locator("input[name=current]") });
    await page.locator("input[name=current]").fill("not it");
    await form.locator("input[name=password]").fill("a new lantern on the ridge");
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByText("That is not your password").waitFor();
    await page.locator("input[name=current]").fill(oskar.password);
    await form.locator("input[name=password]").fill("a new lantern on the ridge");
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByText("The new password holds").waitFor();
  });
  await assert.rejects(me(other), /401/, "the other session has ended");
  oskar = await cairn.signIn(oskar.email, "a new lantern on the ridge");
});

test("an address is changed by a link that is sent to the new one", async () => {
  await on("sign-in", oskar, async (page) => {
    await page.locator("summary", { hasText: "Change the address" }).click();
    await page.getByLabel("New address").fill("oskar@elsewhere.example");
    await page.locator("form", { has: page.getByLabel("New address") }).locator("input[name=password]").fill(oskar.password);
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByText("on its way to oskar@elsewhere.example").waitFor();
    await page.goto(`/account/confirm#code=${await cairn.mailedCode("oskar@elsewhere.example")}&for=email`);
    await page.getByRole("button", { name: "Confirm the new address" }).click();
    await page.getByRole("heading", { name: "Confirmed" }).waitFor();
  });
  oskar.email = "oskar@elsewhere.example";
  assert.equal((await me(oskar)).email, oskar.email);
});

test("an app password is shown once, opens the saves, and is revoked", async () => {
  await on("programs", ilinca, async (page) => {
    await page.getByLabel("What it is for").fill("Steam Deck");
    await page.getByRole("button", { name: "Make a password" }).click();
    const password = await page.getByRole("status").locator("code").textContent();
    const dav = (secret) =>
      fetch(`${cairn.url}/dav/saves/`, { method: "PROPFIND", headers: { Depth: "0", Authorization: `Basic ${btoa(`me:${secret}`)}` } });
    assert.equal((await dav(password)).status, 207);
    await page.reload();
    await page.getByText("Steam Deck", { exact: true }).first().waitFor();
    assert.equal(await page.getByText(password).count(), 0, "it is not shown again");
    await page.getByRole("button", { name: "Revoke Steam Deck" }).click();
    await page.getByText("opens nothing any more").waitFor();
    assert.equal((await dav(password)).status, 401);
  });
});

test("a linked player needs a code that the game showed", async () => {
  await on("players", ilinca, async (page) => {
    await page.getByLabel("Code of the game").fill("NOTACODE");
    await page.getByRole("button", { name: "Link this player" }).click();
    await page.getByLabel("Code of the game").and(page.locator("[aria-invalid=true]")).waitFor();
  });
});

test("the account is taken out as a file, and ended with its password, by keyboard alone", async () => {
  await on("data", ilinca, async (page) => {
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "All of it, as JSON" }).click();
    assert.match((await download).suggestedFilename(), /account/);
    await page.locator("summary").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type(ilinca.password);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account/sign-in");
  });
  await assert.rejects(cairn.signIn(ilinca.email, ilinca.password), /401/);
});
