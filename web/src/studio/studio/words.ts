import { words } from "../../words";

export const useWords = words(
  () => ({
    add: "Add a game",
    create: "Add it",
    since: (date: string) => `added ${date}`,
    start: "Key and first trace",
  }),
  () => ({
    add: "Adaugă un joc",
    create: "Adaugă-l",
    since: (date: string) => `adăugat ${date}`,
    start: "Cheie și prima urmă",
  }),
);
