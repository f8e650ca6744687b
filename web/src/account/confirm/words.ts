import { words } from "../../words";

export const useWords = words(
  () => ({
    title: "Your new address",
    text: (old: string) => `Until you confirm, your account stays with ${old}.`,
    confirm: "Confirm the new address",
    done: "Confirmed",
    doneText: (email: string) => `Your account is with ${email} now: sign in with it, and emails go there.`,
    toAccount: "To your account",
  }),
  () => ({
    title: "Noua ta adresă",
    text: (old: string) => `Până confirmi, contul tău rămâne la ${old}.`,
    confirm: "Confirmă adresa nouă",
    done: "Confirmată",
    doneText: (email: string) => `Contul tău este acum la ${email}: cu ea intri, iar emailurile ajung acolo.`,
    toAccount: "La contul tău",
  }),
);
