import { words } from "../../words";

export const useWords = words(
  () => ({
    forgotten: "A new password",
    forgottenText: "Name the address of your account: a code goes there, with which you set a new one.",
    send: "Send me a code",
    resetTitle: "Set a new password",
    sent: (email: string) => `If ${email} has an account, a code is on its way there. It works for an hour.`,
    setPassword: "Set the password",
    set: "The new password holds, and you are signed out everywhere.",
  }),
  () => ({
    forgotten: "O parolă nouă",
    forgottenText: "Spune adresa contului tău: acolo ajunge un cod cu care pui alta.",
    send: "Trimite-mi un cod",
    resetTitle: "Pune o parolă nouă",
    sent: (email: string) => `Dacă ${email} are un cont, un cod este pe drum. Este bun o oră.`,
    setPassword: "Pune parola",
    set: "Parola nouă este pusă, iar sesiunile tale s-au încheiat peste tot.",
  }),
);
