/** What is known of a game, as fields, as a form, and of two games that become one. */

import type { Facts, FullGame } from "./queries";

const list = (text: string, between: string | RegExp) =>
  text
    .split(between)
    .map((part) => part.trim())
    .filter(Boolean);

/** What a form says of a game. Ids of others are lines such as `steam 2280`. */
export function factsOf(form: FormData): Facts {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const some = (name: "released" | "developer" | "publisher") => (text(name) === "" ? {} : { [name]: text(name) });
  return {
    name: text("name"),
    ...some("released"),
    ...some("developer"),
    ...some("publisher"),
    platforms: list(text("platforms"), ","),
    genres: list(text("genres"), ","),
    other_names: list(text("others"), "\n"),
    external: list(text("external"), "\n").map((line) => {
      const [source = "", ...rest] = line.split(/\s+/);
      return { source, id: rest.join(" ") };
    }),
  };
}

/** Whether a form says something else of a game than is stored. */
export function isChanged(game: FullGame, facts: Facts): boolean {
  const written = (of: Facts) =>
    JSON.stringify([
      of.name,
      of.released ?? "",
      of.developer ?? "",
      of.publisher ?? "",
      (of.platforms ?? []).toSorted(),
      (of.genres ?? []).toSorted(),
      of.other_names ?? [],
      (of.external ?? []).map(({ source, id }) => `${source} ${id}`).toSorted(),
    ]);
  return written(game) !== written(facts);
}

/** What both games know together, as the server joins them: what stays is kept, what it lacks is added. */
export function joined(goes: FullGame, stays: FullGame) {
  const names = [...stays.other_names, goes.name, ...goes.other_names].filter((name) => name !== stays.name);
  const isFiner = !stays.released || (goes.released?.startsWith(stays.released) ?? false);
  return {
    name: stays.name,
    other_names: [...new Set(names)],
    released: isFiner ? (goes.released ?? stays.released) : stays.released,
    developer: stays.developer || goes.developer,
    publisher: stays.publisher || goes.publisher,
    platforms: [...new Set([...stays.platforms, ...goes.platforms])].toSorted(),
    genres: [...new Set([...stays.genres, ...goes.genres])].toSorted(),
    external: [...stays.external, ...goes.external],
    studio_games: [...stays.studio_games, ...goes.studio_games],
  };
}
