import { useSpeech } from "../../words";
import { useWords as useStudioWords } from "../words";
import type { Spot } from "./runs";
import { useWords } from "./words";

/** The runs of a scope in a sentence, for those who don't see them. */
export function useSentence(scope: string, runs: number, deaths: number, spots: Spot[]): string {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const places = spots
    .filter(({ kind }) => kind === "death")
    .slice(0, 2)
    .map(({ at: [x, , z], cause, count }) => `${s.number(Math.round(x))}, ${s.number(Math.round(z))} (${cause || studioWords.kinds.bloodstain.one}, ${s.number(count)})`);
  return t.sentence(scope || studioWords.unnamedScope, runs, deaths, places.length > 0 ? t.mostDie(s.list(places)) : "");
}
