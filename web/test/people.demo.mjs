// People with a life around a library: who is near, who follows whom, gatherings, notices and saves. Screenshots, tests and the
// documentation use it.
import { createHash } from "node:crypto";

import { until } from "./cairn.mjs";
import { fillLibrary } from "./library.demo.mjs";

const KM = 1 / 111;
/** Cluj; the others stand so many kilometres to the north of it. */
const HOME = { latitude: 46.7712, longitude: 23.6236 };

/** Username, display name, what they say of themselves, kilometres away, how many games they share with ilinca. */
const others = [
  ["marrowlight", "Marrow Light", "Rally, building, and a projector that comes to gatherings.", 2, 9],
  ["ana-sub-deal", "Ana sub Deal", "Povești, mai ales cele care se termină.", 4, 7],
  ["dunlin", undefined, "Climbing. Falling. Climbing.", 21, 6],
  ["hearth_and_hollow", "The Keeper of Hearth and Hollow", "Everything, slowly.", 27, 5],
  ["quillwort", "Quillwort", "Co-op and cards, every second Friday.", 44, 4],
  ["low-weir", "Low Weir", undefined, 90, 3],
  ["tessellate", "Tess", "I keep lists of games that have weather.", 140, 8],
];

/** Fills a server; gives what `fillLibrary` gives, and the gatherings and saves. */
export async function fillPeople(cairn) {
  const library = await fillLibrary(cairn);
  const { people, ids } = library;
  const games = Object.values(ids);
  for (const [name] of others) people[name] = await cairn.person(name);
  await writeProfiles(cairn, people);
  for (const [i, [name, , , km, shared]] of others.entries()) {
    await live(cairn, people[name], km);
    for (const game of games.slice(i, i + shared)) {
      await cairn.call("POST", "/api/library", { game, state: "completed", audience: "public", time: `${8 + 3 * i} h` }, people[name]);
    }
  }
  for (const [name, km] of [["ilinca", 0], ["fenna", 1], ["oskar_t", 18], ["sable_fen", 39]]) await live(cairn, people[name], km);
  for (const name of ["marrowlight", "dunlin", "quillwort"]) await cairn.call("PUT", "/api/follows/ilinca", undefined, people[name]);
  await cairn.call("PUT", "/api/follows/quillwort", undefined, people.ilinca);
  await cairn.call("PUT", "/api/blocks/low-weir", undefined, people.ilinca);
  const gatherings = await gather(cairn, people, ids);
  const saves = await keep(cairn, people.ilinca, ids);
  return { ...library, gatherings, saves };
}

async function writeProfiles(cairn, people) {
  const found_by = { name: true, place: true, statistics: true };
  const profiles = [
    ["ilinca", "Ilinca", "Ledges, weirs, and games with a map that does not help.", ["ro", "en"]],
    ["oskar_t", "Oskar T.", "Winter LAN since 2009. Ask about the spare monitors.", ["en"]],
    ["fenna", "Fenna", "One sitting, one ferry.", ["en", "nl"]],
    ["tobble", undefined, "Leaves stones.", ["en"]],
    ["sable_fen", "Sable Fen", "Puzzles, and notes on which games are kind to wrists.", ["en"]],
    ...others.map(([name, display, bio]) => [name, display, bio, ["en"]]),
  ];
  for (const [name, display_name, bio, languages] of profiles) {
    await cairn.call("PUT", "/api/users", { username: name, display_name, bio, languages, audience: "public", found_by }, people[name]);
  }
}

/** Settles a person so many kilometres to the north. */
async function live(cairn, who, km) {
  const place = { latitude: HOME.latitude + km * KM, longitude: HOME.longitude, area: "medium", audience: "public" };
  await cairn.call("PUT", "/api/people/place", place, who);
}

/** A moment so many days from now, at an hour. */
function soon(days, hour) {
  const at = new Date();
  at.setUTCDate(at.getUTCDate() + days);
  at.setUTCHours(hour, 0, 0, 0);
  return at.toISOString();
}

async function gather(cairn, people, ids) {
  const make = (who, challenge) => cairn.call("POST", "/api/challenges", { zone: "Europe/Bucharest", ...challenge }, people[who]);
  const move = (who, { id }, more) => cairn.call("POST", `/api/challenges/${id}/moves`, more, people[who]);
  const near = (km) => ({ latitude: HOME.latitude + km * KM, longitude: HOME.longitude });
  const rally = await make("marrowlight", {
    game: ids["Brackwater Rally"], session_type: "offline", audience: "public", capacity: 8, starts_at: soon(6, 16), minutes: 300,
    text: "Split screen on a wall. There is soup. Bring a pad if you have one; the stairs are steep.", area: "Cluj, Mărăști", place: near(1),
    address: "Strada Fabricii 12, the blue door, ring twice", brings: ["pc"], needs: ["ps5", "pc"],
  });
  for (const who of ["fenna", "oskar_t", "dunlin"]) await move(who, rally, { action: "accept", brings: ["ps5"] });
  const relay = await make("quillwort", {
    game: ids["Kestrel Below"], session_type: "offline", audience: "public", capacity: 2, starts_at: soon(12, 17), minutes: 180,
    text: "We hand the pad over at every fall.", area: "Turda", place: near(44), brings: ["switch"],
  });
  for (const who of ["sable_fen", "dunlin", "tobble", "ilinca"]) await move(who, relay, { action: "accept" });
  const winter = await make("ilinca", {
    game: ids["Drift Cantata"], session_type: "offline", audience: "friends", capacity: 16, starts_at: soon(20, 9), minutes: 1440,
    text: "Anything goes, from Saturday to Sunday. Sleeping bags in the loft.", area: "Florești", place: near(3), invited: ["oskar_t", "fenna", "tobble"],
    address: "Strada Eroilor 4, the gate beside the bakery", brings: ["pc"], needs: ["pc"],
  });
  for (const who of ["oskar_t", "fenna"]) await move(who, winter, { action: "accept", brings: ["pc"] });
  const online = await make("oskar_t", {
    game: ids["Mirefall Couriers"], session_type: "online", capacity: 3, starts_at: soon(2, 19), minutes: 90, invited: ["ilinca"],
    text: "Three couriers, one storm, no maps.",
  });
  return { rally, relay, winter, online };
}

/** Saves of two devices that went apart, and two that are at peace. */
async function keep(cairn, who, ids) {
  const quarry = await cairn.call("POST", "/api/saves", { name: "quarry", game: ids["Kestrel Below"] }, who);
  await store(cairn, who, quarry.id, "Desktop", [["slot1.sav", "a".repeat(4000)], ["settings.ini", "volume=8"]]);
  const desktop = await announce(cairn, who, quarry.id, "Desktop", [["slot1.sav", "b".repeat(5200)], ["settings.ini", "volume=8"]]);
  const deck = await announce(cairn, who, quarry.id, "Steam Deck", [["slot1.sav", "c".repeat(4800)], ["slot2.sav", "d".repeat(900)]]);
  await send(cairn, who, quarry.id, desktop);
  await send(cairn, who, quarry.id, deck);
  const orla = await cairn.call("POST", "/api/saves", { name: "main", game: ids["Nine Winters of Orla"] }, who);
  for (const [i, device] of ["Switch dock", "Desktop", "Switch dock"].entries()) {
    await store(cairn, who, orla.id, device, [["chapter.dat", `${i}`.repeat(20_000 + 900 * i)]]);
  }
  const retro = await cairn.call("POST", "/api/saves", { name: "main", folder: "retroarch" }, who);
  await store(cairn, who, retro.id, "Handheld", [["saves/Bellwether.srm", "r".repeat(8192)], ["states/Bellwether.state", "s".repeat(30_000)]]);
  return { quarry, orla, retro };
}

/** Makes a version of a save with these files: `[path, text]`. */
export async function store(cairn, who, id, device, files) {
  await send(cairn, who, id, await announce(cairn, who, id, device, files));
}

async function announce(cairn, who, id, device, files) {
  const read = await fetch(`${cairn.url}/api/saves/${id}`, { headers: { Authorization: `Bearer ${who.token}` } });
  const described = files.map(([path, text]) => ({
    path,
    bytes: Buffer.byteLength(text),
    sha256: createHash("sha256").update(text).digest("hex"),
    modified_at: new Date(Date.now() - 3_600_000).toISOString(),
  }));
  const headers = { "If-Match": read.headers.get("ETag") };
  const asked = await cairn.call("POST", `/api/saves/${id}/versions?force=true`, { device, files: described }, who, headers);
  return { ...asked, texts: new Map(described.map(({ sha256 }, i) => [sha256, files[i][1]])) };
}

async function send(cairn, who, id, { version, uploads, texts }) {
  for (const { sha256, method, url, headers } of uploads) {
    const sent = await fetch(new URL(url, cairn.url), { method, headers, body: texts.get(sha256) });
    if (!sent.ok) throw new Error(`upload of a save: ${sent.status} ${await sent.text()}`);
  }
  await until(10, "a version stays unfinished", async () => {
    const now = await cairn.call("GET", `/api/saves/${id}/versions/${version.number}`, undefined, who);
    return now.version.state !== "uploading";
  });
}
