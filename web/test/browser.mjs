// A real browser on the pages.
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Chromium with an empty profile; `close()` ends it. */
export async function open() {
  return await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/** A window on the pages of a server. Whatever the page complains of (errors, refused by the policy) is in `complaints`. */
export async function view(browser, url, { width = 1280, height = 800, dark = false, language = "en-GB", still = true, bypass = false } = {}) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    locale: language,
    // For tools that put a script of their own into a page.
    bypassCSP: bypass,
    reducedMotion: still ? "reduce" : "no-preference",
    hasTouch: width < 700,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  return { context, page, complaints };
}

/** Signs in as a person, as the form does. */
export async function signIn(page, person) {
  await page.goto("/account/sign-in");
  await page.locator("input[name=email]").fill(person.email);
  await page.locator("input[name=password]").fill(person.password);
  await page.locator("form button[type=submit]").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/account/sign-in"));
}
