// A library with a life in it: games, states, playthroughs, thoughts, and friends who have their own. Screenshots, tests and the
// documentation use it.
import { createHash, randomUUID } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

const AHEAD = 8;

/** Name, developer, released, platforms, genres. */
const games = [
  ["Kestrel Below", "Low Lantern", "2026-03-05", ["pc", "switch"], ["adventure", "platformer"]],
  ["Nine Winters of Orla", "Harrow & Pine", "2025-11-20", ["switch", "pc"], ["role-playing"]],
  ["Brackwater Rally", "Mudlark", "2024-06-14", ["pc", "ps5"], ["racing"]],
  ["Tin Cathedral", "Ninefold", "2025-02-01", ["pc"], ["puzzle"]],
  ["Moth Parliament", "Soft Machine Room", "2026", ["pc"], ["strategy"]],
  ["Pilgrim Engine", "Low Lantern", "2026-05-21", ["pc"], ["adventure"]],
  ["The Cartographer’s Leave", "Harrow & Pine", "2027-03-12", ["pc", "switch"], ["adventure"]],
  ["Orchard of Static", "Ninefold", "2025", ["pc"], ["horror", "puzzle"]],
  ["Cinder & Sons Salvage", "Mudlark", "2023-09-30", ["pc"], ["simulation"]],
  ["Sleeper Lines", "Night Tram", "2024-01-18", ["switch"], ["adventure"]],
  ["Umbra Allotment", "Night Tram", "2023", ["pc"], ["simulation", "horror"]],
  ["Glasswright’s Oath", "Ninefold", "2026-08-28", ["pc", "ps5"], ["role-playing"]],
  ["A Ferry for Ilse", "Harrow & Pine", "2026-09-10", ["switch"], ["adventure"]],
  ["Lamps of Hesper Row", "Night Tram", "2026-07-02", ["pc"], ["puzzle"]],
  ["Fell Walker’s Almanac", "Low Lantern", "2025-04-11", ["pc"], ["simulation"]],
  ["Mirefall Couriers", "Mudlark", "2024-10-03", ["pc"], ["racing", "strategy"]],
  ["Saltglass", "Ossuary Bay", "2019-05", ["pc", "ps4"], ["role-playing"]],
  ["Under the Long Roof", "Soft Machine Room", "2018", ["pc"], ["adventure"]],
  ["Quiet Harbour 3", "Ossuary Bay", "2021-12-02", ["switch"], ["simulation"]],
  ["Thornless", "Two Rooks", "2020-02-29", ["pc"], ["platformer"]],
  ["The Extraordinarily Long and Patient Journey of the Lighthouse Keeper’s Second Apprentice", "Two Rooks", "2022", ["pc"], ["adventure"]],
  ["Vesper Protocol", "Ossuary Bay", "2017-10-27", ["ps4"], ["shooter"]],
  ["Hollow Meridian", "Two Rooks", "2016", ["pc"], ["strategy"]],
  ["Bellwether", "Night Tram", "2022-03-17", ["pc", "switch"], ["puzzle"]],
  ["Ashes to Acorns", "Harrow & Pine", "2015", ["pc"], ["simulation"]],
  ["Drift Cantata", "Soft Machine Room", "2023-06-01", ["pc", "ps5"], ["music", "racing"]],
  ["Copperhead County", "Mudlark", "2014-08-19", ["pc"], ["shooter"]],
  ["Marrow & Light", "Ninefold", "2012-11", ["pc"], ["role-playing"]],
];

/** What the owner of the library has done: the index of the game, state, hours, score, platform, started, finished, grade. */
const entries = [
  [0, "ongoing", 31.66, undefined, [["pc", "2026-03-08", "2026-05-17", 22.33, "story"], ["pc", "2026-10-03", undefined, 9.33]]],
  [1, "ongoing", 12, undefined, [["switch", "2026-10-30", undefined, 12]]],
  [2, "ongoing", 58, undefined, [["pc", "2025-11", undefined, 58]]],
  [3, "paused", 4, undefined, [["pc", "2026-06-12", undefined, 4]]],
  [4, "ongoing", 2.16, undefined, [["pc", "2026-11-28", undefined, 2.16]]],
  [5, "wishlist"], [6, "wishlist"], [7, "wishlist"], [8, "wishlist"], [9, "wishlist"], [10, "wishlist"],
  [11, "completed", 22, 85, [["pc", "2026-10-09", "2026-11-28", 22, "story"]]],
  [12, "completed", 6, 92, [["switch", "2026-10-01", "2026-10-18", 6, "everything"]]],
  [13, "completed", 17, 64, [["pc", "2026-07", "2026-08", 17, "story"]]],
  [14, "completed", 80, 78, [["pc", "2025-04", "2025-12", 80, "endless"]]],
  [15, "completed", 31, 71, [["pc", "2024-10", "2024-12", 31, "story"]]],
  [16, "completed", 64, 88, [["ps4", "2019-06", "2019-09", 64, "everything"]]],
  [17, "completed", 9, 74, [["pc", "2018", "2018", 9, "story"]]],
  [18, "dropped", 5, 40, [["switch", "2022-01", "2022-01", 5, "abandoned"]]],
  [19, "completed", 11, 81, [["pc", "2020-03-01", "2020-03-22", 11, "story"]]],
  [20, "completed", 27, 90, [["pc", "2022-05", "2022-07", 27, "everything"]]],
  [21, "dropped", 3, undefined, [["ps4", "2018-01", "2018-01", 3, "abandoned"]]],
  [22, "completed", 140, 83, [["pc", "2016", "2018", 140, "endless"]]],
  [23, "completed", 14, 77, [["switch", "2022-04", "2022-06", 14, "story"]]],
  [24, "completed", 46, 69, [["pc", "2015-07", "2016-01", 46, "story"]]],
  [25, "ongoing", 19, undefined, [["pc", "2026-09-20", undefined, 19]]],
  [26, "completed", 38, 58, [["pc", "2014-09", "2014-11", 38, "story"]]],
  [27, "completed", 96, 95, [["pc", "2012-12", "2013-04", 96, "everything"]]],
];

const thoughts = [
  [0, "oskar_t", "A game about going down that understands going back up. The second half of the quarry is the best climbing I have played: three holds you trust, one you do not.", { rating: 91 }],
  [0, "fenna", "The miller is the kestrel. I put the controller down and stared at the wall for a while.", { spoiler: true }],
  [0, "sable_fen", "Beautiful, and not for my wrists. If holding a trigger for minutes hurts you, know that ||the hold can be made a toggle after chapter 2.||", {}],
  [0, "ilinca", "The weir at night is the best thing in it. Found a stone that told me to jump late: *it was right*, and I laughed out loud.", {}],
  [0, "ilinca", "Nothing else lets me fall this often and stay this calm.\n\n- the quarry\n- the mill, in rain\n- every ledge that somebody marked before me", { rating: 86 }],
  [12, "ilinca", "Short, gentle, and merciless near the end.", { rating: 92 }],
  [11, "ilinca", "The last furnace took me eleven tries. Worth each one.", { rating: 85 }],
  [11, "tobble", "Good smithing, thin story.", { rating: 70 }],
  [13, "ilinca", "Twelve lamps, and I still do not know who lights them.", {}],
];

/** Fills a server; gives the people, by username, and the ids of the games, by name. */
export async function fillLibrary(cairn) {
  const root = await cairn.administrator();
  const people = {};
  for (const name of ["ilinca", "oskar_t", "fenna", "tobble", "sable_fen"]) people[name] = await cairn.person(name);
  const { ilinca } = people;
  await befriend(cairn, people, "ilinca");
  const ids = await addGames(cairn, root, games);
  for (const chunk of chunks(entries, AHEAD)) await Promise.all(chunk.map((entry) => addEntry(cairn, ilinca, ids, entry)));
  const others = [["oskar_t", 0, "completed"], ["fenna", 0, "ongoing"], ["tobble", 0, "completed"], ["sable_fen", 0, "dropped"], ["tobble", 11, "completed"]];
  for (const [who, game, state] of others) {
    await cairn.call("POST", "/api/library", { game: ids[game], state, time: "44 h" }, people[who]);
  }
  const written = [];
  for (const [game, who, text, more] of thoughts) {
    written.push(await cairn.call("POST", "/api/thoughts", { game: ids[game], text, audience: "friends", ...more }, people[who]));
  }
  for (const who of ["oskar_t", "fenna", "tobble"]) await cairn.call("PUT", `/api/thoughts/${written[3].id}/reaction`, undefined, people[who]);
  await cairn.call("PUT", `/api/thoughts/${written[1].id}/reaction`, undefined, ilinca);
  await cairn.call("POST", `/api/thoughts/${written[3].id}/comments`, { text: "That stone was mine!" }, people.oskar_t);
  await cairn.call("POST", `/api/thoughts/${written[3].id}/comments`, { text: "Then thank you. I owe you a fall." }, ilinca);
  const shots = ["Stone bridge in the fog", "Quarry floor at noon", "The mill wheel", "Gatehouse", "Somebody’s rope, still there"];
  for (const [i, description] of shots.entries()) {
    await upload(cairn, ilinca, ids[0], picture(960, 540, i), { description, audience: "friends" });
  }
  return { root, people, ids: Object.fromEntries(games.map(([name], i) => [name, ids[i]])) };
}

/** Adds games as the administrator, so that everybody sees them; gives their ids in order. */
async function addGames(cairn, root, list) {
  const ids = [];
  for (const chunk of chunks(list, AHEAD)) {
    const added = await Promise.all(
      chunk.map(([name, developer, released, platforms, genres]) =>
        cairn.call("POST", "/api/games", { name, developer, publisher: developer, released, platforms, genres }, root),
      ),
    );
    ids.push(...added.map(({ id }) => id));
  }
  return ids;
}

async function befriend(cairn, people, centre) {
  for (const name of Object.keys(people)) {
    if (name === centre) continue;
    await cairn.call("PUT", `/api/follows/${name}`, undefined, people[centre]);
    await cairn.call("PUT", `/api/follows/${centre}`, undefined, people[name]);
  }
}

async function addEntry(cairn, who, ids, [index, state, hours, score, playthroughs = []]) {
  const game = ids[index];
  await cairn.call("POST", "/api/library", { game, state, ...(score === undefined ? {} : { score }) }, who);
  for (const [platform, started, finished, time, grade] of playthroughs) {
    const body = { platform, started, finished, time: `${Math.round(time * 60)} min`, grade };
    await cairn.call("POST", `/api/library/${game}/playthroughs`, body, who);
  }
  if (hours && playthroughs.length === 0) await cairn.call("POST", `/api/library/${game}/time`, { time: `${hours} h` }, who);
}

/** Uploads a picture, as a client does. */
export async function upload(cairn, who, game, bytes, more = {}) {
  const uuid = randomUUID();
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const asked = await cairn.call("POST", `/api/games/${game}/media/${uuid}`, { type: "image/png", length: bytes.length, sha256, ...more }, who);
  const { method, url, headers } = asked.upload;
  // The address is that of the pages, which may be served by another program meanwhile.
  const { pathname, search } = new URL(url, cairn.url);
  const sent = await fetch(cairn.url + pathname + search, { method, headers, body: bytes });
  if (!sent.ok) throw new Error(`upload: ${sent.status} ${await sent.text()}`);
  return uuid;
}

/** A landscape as a PNG: sky, a light, two ridges. */
export function picture(width, height, seed = 0) {
  const palettes = [
    [[24, 38, 66], [46, 62, 96], [14, 22, 38], [241, 179, 83]],
    [[154, 207, 208], [86, 160, 165], [18, 65, 74], [253, 241, 216]],
    [[244, 203, 126], [189, 132, 60], [88, 54, 20], [255, 246, 224]],
    [[181, 194, 232], [109, 129, 189], [34, 44, 69], [246, 236, 220]],
    [[206, 219, 186], [134, 180, 105], [30, 66, 40], [253, 241, 216]],
  ];
  const [sky, far, near, light] = palettes[seed % palettes.length];
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const ridge = 0.55 + 0.1 * Math.sin(u * 7 + seed) + 0.05 * Math.sin(u * 17 + seed * 2);
      const shore = 0.78 + 0.06 * Math.sin(u * 5 + 2 + seed) + 0.02 * Math.sin(u * 31);
      const isLight = Math.hypot(u - 0.2 - seed * 0.13, (v - 0.3) * (height / width)) < 0.05;
      const colour = v > shore ? near : v > ridge ? far : isLight ? light : sky;
      rows.set(colour, y * (1 + width * 3) + 1 + x * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, pngChunk("IHDR", head), pngChunk("IDAT", deflateSync(rows)), pngChunk("IEND", Buffer.alloc(0))]);
}

function pngChunk(name, data) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function* chunks(list, size) {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
}
