import { words } from "../../words";

const en = { game: { one: "game", other: "games" } };
const ro = { game: { one: "joc", few: "jocuri", other: "de jocuri" } };

export const useWords = words(
  (s) => ({
    title: "Statistics",
    empty: "There is nothing to count yet",
    emptyText: "Put a few games into your library; what they come to stands here.",
    openLibrary: "To the library",
    sum: (games: number, completed: number, time: string, mean: string | undefined) =>
      `${s.count(games, en.game)}, of which ${s.number(completed)} are completed, in ${time}.` + (mean ? ` You rate ${mean} on average.` : ""),
    states: "By state",
    statesSentence: (state: string, share: number) => `${s.percent(share)} of your games are under “${state}”.`,
    genres: "Where the hours went",
    genresSentence: (genre: string, time: string) => `Most time went into ${genre}: ${time}. A game counts for each of its genres.`,
    platforms: "By platform",
    platformsSentence: (platform: string, time: string) => `You have played longest on ${platform}: ${time}.`,
    years: "Finished, year by year",
    yearsSentence: (n: number, year: string) => `The most was ${s.count(n, en.game)}, in ${year}.`,
    scores: "Your ratings",
    scoresSentence: (n: number, band: string) => `Of ${s.count(n, { one: "rating", other: "ratings" })} most are in ${band}.`,
    longest: "Played longest",
    longestSentence: (name: string, time: string) => `${name} with ${time}.`,
    games: (n: number) => s.count(n, en.game),
    columns: { state: "State", genre: "Genre", platform: "Platform", year: "Year", rating: "Rating", game: "Game", games: "Games", time: "Time" },
  }),
  (s) => ({
    title: "Statistici",
    empty: "Nu este nimic de numărat încă",
    emptyText: "Pune câteva jocuri în bibliotecă; la ce se adună se vede aici.",
    openLibrary: "La bibliotecă",
    sum: (games: number, completed: number, time: string, mean: string | undefined) =>
      `${s.count(games, ro.game)}, dintre care ${s.number(completed)} terminate, în ${time}.` + (mean ? ` Notezi cu ${mean} în medie.` : ""),
    states: "După stare",
    statesSentence: (state: string, share: number) => `${s.percent(share)} dintre jocurile tale sunt la „${state}”.`,
    genres: "Unde s-au dus orele",
    genresSentence: (genre: string, time: string) => `Cel mai mult timp: ${genre}, ${time}. Un joc se numără la fiecare gen al lui.`,
    platforms: "După platformă",
    platformsSentence: (platform: string, time: string) => `Cel mai mult ai jucat pe ${platform}: ${time}.`,
    years: "Terminate, an de an",
    yearsSentence: (n: number, year: string) => `Cele mai multe au fost ${s.count(n, ro.game)}, în ${year}.`,
    scores: "Notele tale",
    scoresSentence: (n: number, band: string) => `Din ${s.count(n, { one: "notă", few: "note", other: "de note" })}, cele mai multe sunt între ${band}.`,
    longest: "Jucate cel mai mult",
    longestSentence: (name: string, time: string) => `${name}, cu ${time}.`,
    games: (n: number) => s.count(n, ro.game),
    columns: { state: "Stare", genre: "Gen", platform: "Platformă", year: "An", rating: "Notă", game: "Joc", games: "Jocuri", time: "Timp" },
  }),
);
