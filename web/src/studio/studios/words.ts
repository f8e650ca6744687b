import { words } from "../../words";

export const useWords = words(
  (s) => ({
    title: "Studios",
    intro: "A studio owns games. Each game has two worlds: live for players, dev for yourselves. You may belong to several studios.",
    since: (date: string) => `since ${date}`,
    none: "No studio yet",
    noneText: "Make one, and a game in it; in two minutes your first trace is here. Or accept an invitation that was mailed to you.",
    make: "Make a studio",
    name: "Name",
    nameHint: "What people call it.",
    slug: "Name in addresses",
    slugHint: "Small letters, digits and hyphens. It can't be changed later.",
    create: "Make it",
    invited: "I have an invitation",
    all: (n: number) => s.count(n, { one: "studio", other: "studios" }),
  }),
  (s) => ({
    title: "Studiouri",
    intro: "Un studio are jocuri. Fiecare joc are două lumi: live pentru jucători, dev pentru voi. Poți face parte din mai multe studiouri.",
    since: (date: string) => `din ${date}`,
    none: "Niciun studio încă",
    noneText: "Fă unul, și un joc în el; în două minute prima ta urmă este aici. Sau acceptă invitația pe care ai primit-o.",
    make: "Fă un studio",
    name: "Nume",
    nameHint: "Cum îi spun oamenii.",
    slug: "Numele din adrese",
    slugHint: "Litere mici, cifre și cratime. Nu se poate schimba mai târziu.",
    create: "Fă-l",
    invited: "Am o invitație",
    all: (n: number) => s.count(n, { one: "studio", few: "studiouri", other: "de studiouri" }),
  }),
);
