// People and gatherings: who is near, following and blocking with their undo, a person's page, and what hosts and guests do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, signIn, view } from "./browser.mjs";
import { Cairn, until } from "./cairn.mjs";
import { pagesOf } from "./pages.mjs";
import { fillPeople } from "./people.demo.mjs";

const SECS = 10;
let cairn, pages, browser, people, gatherings;

before(async () => {
  cairn = await Cairn.start();
  pages = await pagesOf(cairn);
  browser = await open();
  ({ people, gatherings } = await fillPeople(cairn));
});
after(async () => {
  await browser?.close();
  await pages?.stop();
  await cairn?.stop();
});

/** A signed-in window on a page; complaints are checked when it is closed. */
async function on(path, name, run, options) {
  const { context, page, complaints } = await view(browser, pages.url, options);
  try {
    await signIn(page, people[name]);
    await page.goto(path);
    await run(page);
    assert.deepEqual(real(complaints), []);
  } finally {
    await context.close();
  }
}

/** Refusals that a test provokes are told to the console by the browser itself; all else is a complaint. */
const real = (complaints) => complaints.filter((text) => !/status of 4\d\d/.test(text));

const follows = async (name, whom) =>
  (await cairn.call("GET", "/api/follows?list=followed", undefined, people[name])).items.some(({ username }) => username === whom);
const challenge = (id, name) => cairn.call("GET", `/api/challenges/${id}`, undefined, people[name]);

/** Another device of the host changes a gathering. */
async function changeElsewhere(id) {
  const url = `${cairn.url}/api/challenges/${id}`;
  const headers = { Authorization: `Bearer ${people.ilinca.token}`, "Content-Type": "application/json" };
  const read = await fetch(url, { headers });
  const { starts_at, zone } = await read.json();
  const body = JSON.stringify({ starts_at, zone, text: "From elsewhere.", area: "Cluj", brings: ["pc"] });
  const put = await fetch(url, { method: "PUT", headers: { ...headers, "If-Match": read.headers.get("ETag") }, body });
  assert.equal(put.status, 200, await put.text());
}

test("the home shows what is under way, what friends did, what was told and what is next", async () => {
  await on("/journal", "ilinca", async (page) => {
    await page.getByRole("heading", { name: "Under way" }).waitFor();
    await page.getByRole("link", { name: "Kestrel Below", exact: true }).first().waitFor();
    await page.getByText("Oskar T. invites you to Mirefall Couriers").waitFor();
    await page.locator("section", { has: page.getByRole("heading", { name: "Next gatherings" }) }).getByText("You host").waitFor();
    await page.getByText("All of it is a spoiler").waitFor();
    assert.equal(await page.getByText("The miller is the kestrel").count(), 0, "the feed tells no spoiler");
  });
});

test("an empty journal teaches the first steps", async () => {
  people.newcomer = await cairn.person("newcomer");
  await on("/journal", "newcomer", async (page) => {
    await page.getByRole("heading", { name: "First steps" }).waitFor();
    await page.getByRole("link", { name: "Find people near and alike" }).click();
    await page.getByText("Tell your area to see who is near").waitFor();
  });
});

test("people stand in bands from near to far, and filters narrow them", async () => {
  await on("/journal/people", "ilinca", async (page) => {
    const band = (name) => page.getByRole("region", { name, exact: true });
    await band("Your area").getByRole("link", { name: "Marrow Light" }).waitFor();
    await band("Under 50 km").getByRole("link", { name: "Quillwort" }).waitFor();
    await band("Farther away").getByRole("link", { name: "Tess" }).waitFor();
    assert.equal(await page.getByText("Low Weir").count(), 0, "whom one has blocked is not found");
    await page.getByLabel("As far as").selectOption("same_area");
    await band("Under 50 km").waitFor({ state: "detached" });
    await page.getByLabel("Name").fill("marr");
    await page.waitForURL(/name=marr/);
    await band("Your area").getByRole("link", { name: "Fenna" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Clear" }).click();
    await band("Farther away").getByRole("link", { name: "Tess" }).waitFor();
  });
});

test("somebody is followed with one press, and the undo takes it back", async () => {
  await on("/journal/people", "ilinca", async (page) => {
    await page.getByRole("button", { name: "Follow Marrow Light" }).click();
    await page.getByRole("button", { name: "Following Marrow Light" }).waitFor();
    await until(SECS, "not followed", () => follows("ilinca", "marrowlight"));
    await page.getByRole("button", { name: "Undo" }).click();
    await until(SECS, "still followed", async () => !(await follows("ilinca", "marrowlight")));
    await page.getByRole("button", { name: "Follow Marrow Light" }).waitFor();
  });
});

test("a person's page shows what they let be seen, by keyboard alone", async () => {
  await on("/journal/people/ilinca", "oskar_t", async (page) => {
    await page.getByRole("heading", { name: "Ilinca", level: 1 }).waitFor();
    await page.getByText("Friends", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Thoughts" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("The last furnace took me eleven tries").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("img", { name: "Stone bridge in the fog" }).waitFor();
  });
});

test("a block hides two people from each other, and its undo brings the follow back", async () => {
  await on("/journal/people/quillwort", "ilinca", async (page) => {
    await page.getByRole("button", { name: "Options for Quillwort" }).click();
    await page.getByRole("menuitem", { name: "Block" }).click();
    await page.getByRole("heading", { name: "Nobody here by this name" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("heading", { name: "Quillwort", level: 1 }).waitFor();
    await until(SECS, "the follow is lost", () => follows("ilinca", "quillwort"));
    await page.goto("/journal/people?list=blocks");
    await page.getByRole("button", { name: "Unblock Low Weir" }).click();
    await page.getByText("You have blocked nobody").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Unblock Low Weir" }).waitFor();
  });
});

test("an invitation is answered with a key, and its undo with another", async () => {
  const { id } = gatherings.online;
  await on(`/journal/gatherings/${id}`, "ilinca", async (page) => {
    await page.getByText("You are invited").waitFor();
    await page.keyboard.press("y");
    await page.getByText("You are coming", { exact: true }).first().waitFor();
    await until(SECS, "not accepted", async () => (await challenge(id, "ilinca")).you.state === "accepted");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Calendar file" }).click();
    assert.match((await download).suggestedFilename(), /\.ics$/);
    await page.keyboard.press("n");
    await until(SECS, "not declined", async () => (await challenge(id, "ilinca")).you.state === "declined");
  });
});

test("the address of a gathering is read by who comes, and by nobody else", async () => {
  const { id } = gatherings.rally;
  const address = "Strada Fabricii 12";
  await on(`/journal/gatherings/${id}`, "ilinca", async (page) => {
    await page.getByText("the address once you are in").waitFor();
    assert.equal(await page.getByText(address).count(), 0);
    await page.getByRole("button", { name: "PS5" }).click();
    await page.getByRole("button", { name: "I come" }).click();
    await page.getByText(address).waitFor();
    await page.getByRole("heading", { name: "Guests" }).waitFor();
  });
  assert.deepEqual((await challenge(id, "ilinca")).you.brings, ["ps5"]);
});

test("a host makes a gathering, invites, takes a guest off with an undo, changes it and calls it off", async () => {
  await on("/journal/gatherings/new", "ilinca", async (page) => {
    await page.getByRole("combobox", { name: "Game", exact: true }).fill("Tin Cath");
    await page.getByRole("option", { name: /Tin Cathedral/ }).click();
    await page.getByLabel("Time zone").selectOption("Europe/Bucharest");
    await page.getByLabel("Begins at").fill("18:00");
    await page.getByLabel("Invite by username").fill("fenna, tobble");
    await page.getByLabel("Name of the area").fill("Cluj");
    await page.getByLabel("Address").fill("Strada Lungă 1");
    await page.getByRole("group", { name: "You bring" }).getByRole("button", { name: "PC" }).click();
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("heading", { name: "Tin Cathedral" }).waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1);
    assert.match((await challenge(id, "ilinca")).local_time, /T18:00/, "it begins at six o’clock of that zone");
    await page.getByText("Strada Lungă 1").waitFor();

    await page.getByRole("button", { name: "Take off tobble" }).click();
    const state = async () => (await challenge(id, "ilinca")).guests.find(({ person }) => person.username === "tobble").state;
    await until(SECS, "still invited", async () => (await state()) === "cancelled");
    await page.getByRole("button", { name: "Undo" }).click();
    await until(SECS, "the undo does nothing", async () => (await state()) === "pending");

    await page.getByRole("link", { name: "Change", exact: true }).click();
    await page.getByLabel("What to know").fill("Bring slippers.");
    // Somebody changes it meanwhile: what was typed stays, and replaces the newer one when it is kept again.
    await changeElsewhere(id);
    await page.getByRole("button", { name: "Keep the change" }).click();
    await page.getByText("It was changed meanwhile").waitFor();
    await page.getByRole("button", { name: "Keep the change" }).click();
    await page.getByText("Bring slippers.").waitFor();
    await page.getByRole("button", { name: "Call it off" }).click();
    await page.getByText("Called off", { exact: true }).first().waitFor();
    assert.equal((await challenge(id, "fenna")).state, "cancelled");
  });
});

test("gatherings are a list and a calendar, and open ones are found near", async () => {
  await on("/journal/gatherings?show=near", "ilinca", async (page) => {
    await page.getByRole("link", { name: "Brackwater Rally" }).waitFor();
    await page.getByRole("button", { name: "Calendar" }).click();
    await page.getByRole("table").getByRole("link", { name: /Brackwater Rally/ }).waitFor();
    await page.getByRole("button", { name: "Month after" }).click();
    await page.getByRole("button", { name: "Month before" }).click();
    await page.getByRole("table").getByRole("link", { name: /Brackwater Rally/ }).click();
    await page.getByRole("heading", { name: "Brackwater Rally" }).waitFor();
  });
});
