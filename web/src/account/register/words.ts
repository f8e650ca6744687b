import { words } from "../../words";

export const useWords = words(
  () => ({
    title: "Start a journal",
    text: "What you play, what you thought of it, and what others left where you have been. Two steps, no newsletter.",
    steps: ["Your address", "Code and name"],
    emailHint: "We send a code there, and later only what you ask for.",
    sendCode: "Send me the code",
    haveOne: "I have an account",
    codeTitle: "The code, and your name",
    codeText: (email: string) => `A code is on its way to ${email}. It works for an hour.`,
    linkText: "The code came with the link. What is left is your name here and a password.",
    otherAddress: "Use another address",
    create: "Create my account",
  }),
  () => ({
    title: "Începe un jurnal",
    text: "Ce joci, ce ai crezut despre asta și ce au lăsat alții pe unde ai trecut. Doi pași, niciun buletin de știri.",
    steps: ["Adresa ta", "Codul și numele"],
    emailHint: "Acolo trimitem un cod, iar apoi doar ce ceri tu.",
    sendCode: "Trimite-mi codul",
    haveOne: "Am deja un cont",
    codeTitle: "Codul și numele tău",
    codeText: (email: string) => `Un cod este pe drum spre ${email}. Este bun o oră.`,
    linkText: "Codul a venit cu linkul. Au mai rămas numele tău aici și o parolă.",
    otherAddress: "Folosește altă adresă",
    create: "Creează-mi contul",
  }),
);
