// What waits for administrators and moderators: reports of all kinds, an appeal, earlier verdicts, games to approve, records whose game
// is unclear, a studio. Screenshots, tests and the documentation use it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { until } from "./cairn.mjs";
import { picture, upload } from "./library.demo.mjs";

/** Username, display name, what they say of themselves. */
const authors = [
  ["skinz4u_88", "FREE SKINS ➜ link", "free skins, free coins, 100 % real, see link in my name"],
  ["halfmoth", "Half a Moth", "I say what I think."],
  ["brumble", "Brumble", undefined],
  ["not-low-lantern", "Low Lantern (official)", "Official account of Low Lantern. Send us your password to become a tester."],
];

/** Who wrote it, on which game, what, and its reports: who, why, with which note. */
const thoughts = [
  ["skinz4u_88", "Kestrel Below", "come to my stream for free skins, link in name", [["fenna", "spam", "The same under every game."], ["tobble", "spam"], ["oskar_t", "spam"], ["sable_fen", "spam", "Again."]]],
  ["halfmoth", "Kestrel Below", "the miller is the kestrel, you’re welcome, save yourself 20 hours", [["fenna", "spoiler", "This is the ending."], ["ilinca", "spoiler"], ["tobble", "abuse", "It is meant to hurt."]]],
  ["halfmoth", "Tin Cathedral", "whoever finds this one hard should sell their computer and take up knitting, and then drop the knitting too", [["sable_fen", "abuse"], ["oskar_t", "abuse"]]],
  ["skinz4u_88", "Saltglass", "LEFT LEFT LEFT LEFT LEFT LEFT LEFT LEFT", [["tobble", "spam"]]],
  ["brumble", "Moth Parliament", "I do not get why people like it. The second act is a spreadsheet with wings, the third is the same spreadsheet without them, and the ending asks you to care about a vote that was lost before you sat down. Others may see more in it than I do; I would still wait for a sale, and I would still skip the tutorial, which takes forty minutes and explains nothing.\n\n- the music is good\n- the moths are good\n- everything between them is work", [["halfmoth", "other", "He is wrong."]]],
  ["skinz4u_88", "Bellwether", "cheap coins cheap coins", [["ilinca", "spam"], ["fenna", "spam"]]],
  ["brumble", "Thornless", "A knife, a rose, a lot of blood. Loved it.", [["skinz4u_88", "violence"]]],
  ["halfmoth", "Drift Cantata", "her name is Ana and she lives at the corner of the mill street, ask her yourself", [["ilinca", "personal_data", "That is a real address."], ["oskar_t", "personal_data"]]],
  ["brumble", "Hollow Meridian", "Works fine on my machine.", [["skinz4u_88", "spam"]]],
];

/** Comments on a thought of ilinca’s. */
const comments = [
  ["skinz4u_88", "nice! also free skins, see name", [["ilinca", "spam"], ["tobble", "spam"]]],
  ["halfmoth", "nobody asked", [["ilinca", "abuse"]]],
  ["brumble", "I fell there too, eleven times.", [["halfmoth", "spam"]]],
  ["skinz4u_88", "free skins", [["fenna", "spam"]]],
  ["halfmoth", "you write like a manual", [["oskar_t", "abuse", "He follows her from thought to thought."]]],
];

/** People by username, with the reports of them. */
const people = [
  ["skinz4u_88", [["ilinca", "spam"], ["fenna", "spam", "The name is an advertisement."]]],
  ["not-low-lantern", [["oskar_t", "impersonation", "Low Lantern has no account here, I asked them."], ["tobble", "impersonation"], ["ilinca", "illegal"]]],
  ["brumble", [["halfmoth", "other"]]],
];

/** Fills a server that has what `fillLibrary` makes; gives that, the moderator, and what was reported. */
export async function fillAdmin(cairn, library) {
  await fillTitles(cairn, library);
  await fillStudio(cairn, library.root);
  for (const [name] of [...authors, ["heron"]]) library.people[name] = await cairn.person(name);
  await writeProfiles(cairn, library.people);
  const reported = await fillReports(cairn, library);
  return { ...library, heron: library.people.heron, reported };
}

async function writeProfiles(cairn, people) {
  const found_by = { name: true, place: true, statistics: true };
  const others = [["ilinca", "Ilinca", "Ledges and weirs."], ["heron", "Heron", "Looks after this place."]];
  for (const [username, display_name, bio] of [...authors, ...others]) {
    await cairn.call("PUT", "/api/users", { username, display_name, bio, languages: ["en"], audience: "public", found_by }, people[username]);
  }
}

/** Everything that is reported, an appeal, and what was decided before. */
export async function fillReports(cairn, { root, people: who, ids }) {
  await cairn.call("PUT", "/api/moderation/moderators/heron", undefined, root);
  const report = async (kind, id, reports) => {
    for (const [name, reason, note] of reports) await cairn.call("POST", "/api/reports", { kind, id, reason, ...(note ? { note } : {}) }, who[name]);
    return { kind, id };
  };
  const think = (name, game, text) => cairn.call("POST", "/api/thoughts", { game: ids[game], text, audience: "public" }, who[name]);
  await decideBefore(cairn, who, think);
  const reported = [];
  for (const [name, game, text, reports] of thoughts) {
    const { id } = await think(name, game, text);
    reported.push(await report("thought", id, reports));
  }
  const { id: under } = await think("ilinca", "Kestrel Below", "The weir at night is the best thing in it.");
  for (const [name, text, reports] of comments) {
    const { id } = await cairn.call("POST", `/api/thoughts/${under}/comments`, { text }, who[name]);
    reported.push(await report("comment", id, reports));
  }
  const uuid = await upload(cairn, who.halfmoth, ids["Vesper Protocol"], picture(960, 540, 2), { description: "Her house, from the road", audience: "public" });
  await until(20, "a picture is not checked", async () => {
    const { state } = await cairn.call("GET", `/api/games/${ids["Vesper Protocol"]}/media/${uuid}`, undefined, who.halfmoth);
    return state !== "pending";
  });
  reported.push(await report("media", uuid, [["ilinca", "personal_data", "That is where I live."], ["fenna", "personal_data"]]));
  const gathering = {
    game: ids["Brackwater Rally"], session_type: "online", audience: "public", capacity: 8, zone: "Europe/Bucharest", minutes: 60,
    starts_at: new Date(Date.now() + 3 * 86_400_000).toISOString(), text: "Free skins for the first 100. Bring your account name and your password.",
  };
  const { id } = await cairn.call("POST", "/api/challenges", gathering, who.skinz4u_88);
  reported.push(await report("challenge", id, [["oskar_t", "illegal", "He asks for passwords."], ["fenna", "spam"]]));
  for (const [name, reports] of people) reported.push(await report("person", name, reports));
  return reported;
}

/** Two things of the spammer were hidden before; a thought of halfmoth was hidden, and he appeals. */
async function decideBefore(cairn, who, think) {
  const decide = async (id, action, more) => {
    const body = { subjects: [{ kind: "thought", id }], action, ...more };
    const { items } = await cairn.call("POST", "/api/moderation/verdicts", body, who.heron);
    return items[0].verdict_id;
  };
  for (const text of ["free skins at my place", "FREE SKINS"]) {
    const { id } = await think("skinz4u_88", "Copperhead County", text);
    await decide(id, "hide", { reason: "spam", note: "Advertisements are taken down here." });
  }
  const { id } = await think("halfmoth", "Ashes to Acorns", "The tree dies. You are allowed to be sad about a tree.");
  const verdict = await decide(id, "hide", { reason: "spoiler" });
  await cairn.call("POST", `/api/verdicts/${verdict}/appeal`, { text: "The tree dies in the first minute, and it is on the box." }, who.halfmoth);
}

/** Games that wait for approval, and records whose game is unclear. */
async function fillTitles(cairn, { people }) {
  const pending = [
    ["fenna", { name: "Kestrel Bellow", released: "2026", platforms: ["pc"] }],
    ["oskar_t", { name: "The Ferryman’s Ledger", released: "2024-02", developer: "Two Rooks", platforms: ["pc", "switch"], genres: ["strategy"] }],
    ["tobble", { name: "An Account of the Unhurried Restoration of the Third Weir Below Hollow Meridian, Volume Two", platforms: ["pc"] }],
    ["sable_fen", { name: "Wristkind" }],
  ];
  for (const [who, facts] of pending) await cairn.call("POST", "/api/games", facts, people[who]);
  const shelf = join(cairn.folder, "shelf.tsv");
  const rows = [
    "title\tid\tyear\tplatforms",
    "Bellwether\t11\t\tpc",
    "Saltglass\t12\t2020\tvita",
    "Hollow Meridian\t13\t\tps4",
  ];
  await writeFile(shelf, rows.join("\n"));
  await cairn.run("titles", "import", shelf, "--source", "shelf");
}

async function fillStudio(cairn, root) {
  await cairn.call("POST", "/v1/studios", { name: "low-lantern", display_name: "Low Lantern" }, root);
  await cairn.call("POST", "/v1/studios/low-lantern/games", { game: "kestrel", display_name: "Kestrel Below" }, root);
}
