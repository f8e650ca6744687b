import { words } from "../../words";

export const useWords = words(
  () => ({
    title: "The first stone",
    text: "This Cairn is new. The account that you make here administers it: studios, moderators, the catalogue.",
    code: "Set-up code",
    codeHint: "The program printed it when it started. It works once.",
    make: "Set up Cairn",
    usedUp: "This code is used up",
    usedUpText: "Either this Cairn has its administrator already, or the program has been started again since and printed another code.",
    otherCode: "I have another code",
  }),
  () => ({
    title: "Prima piatră",
    text: "Acest Cairn este nou. Contul pe care îl faci aici îl administrează: studiouri, moderatori, catalogul.",
    code: "Codul de configurare",
    codeHint: "Programul l-a afișat când a pornit. Este bun o singură dată.",
    make: "Configurează Cairn",
    usedUp: "Codul este folosit",
    usedUpText: "Fie acest Cairn are deja un administrator, fie programul a fost pornit din nou între timp și a afișat alt cod.",
    otherCode: "Am alt cod",
  }),
);
