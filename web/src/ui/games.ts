/** How platforms and genres are called: the catalogue has words for them (`xbox-series`, `role-playing`). */

import { words } from "../words";

const platforms: Record<string, string> = {
  pc: "PC", mac: "Mac", linux: "Linux", ps1: "PlayStation", ps2: "PS2", ps3: "PS3", ps4: "PS4", ps5: "PS5", psp: "PSP", vita: "PS Vita",
  xbox: "Xbox", "xbox-360": "Xbox 360", "xbox-one": "Xbox One", "xbox-series": "Xbox Series", switch: "Switch", "switch-2": "Switch 2",
  nes: "NES", snes: "SNES", n64: "N64", gamecube: "GameCube", wii: "Wii", "wii-u": "Wii U", gameboy: "Game Boy", gbcolor: "Game Boy Color",
  gba: "GBA", nds: "DS", "3ds": "3DS", ios: "iOS", android: "Android",
};

/** The name of a platform: `ps5` → "PS5". */
export function platformName(word: string): string {
  return platforms[word] ?? capital(word.replaceAll(/[-_]/g, " "));
}

const useGenres = words(
  () => ({}) as Record<string, string>,
  () => ({
    action: "Acțiune", adventure: "Aventură", "role-playing": "Joc de rol", rpg: "Joc de rol", strategy: "Strategie", simulation: "Simulare",
    puzzle: "Logică", horror: "Groază", racing: "Curse", shooter: "Împușcături", platformer: "Platformă", platform: "Platformă", music: "Muzică",
    sports: "Sport", fighting: "Lupte", indie: "Independent", casual: "Relaxare", survival: "Supraviețuire",
  }),
);

/** How genres are called in the language of the pages. */
export function useGenreName(): (word: string) => string {
  const genres = useGenres();
  return (word) => genres[word] ?? capital(word.replaceAll(/[-_]/g, " "));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
