import { words } from "../../words";

export const useWords = words(
  () => ({
    title: "Come in",
    text: "One account for the journal, for your players in games, and for the studio if you have one.",
    signIn: "Sign in",
    signInWith: (provider: string) => `Sign in with ${provider}`,
    or: "or",
    forgotten: "I forgot my password",
    create: "Create an account",
    providerFailed: "Signing in there did not work. Try again, or use your password.",
    codeTitle: "Your second factor",
    codeText: "The password was right. Now the code that your app shows.",
    code: "Code of six digits",
    codeHint: "No phone at hand? A recovery code works too, once.",
    again: "Start again",
  }),
  () => ({
    title: "Intră",
    text: "Un singur cont pentru jurnal, pentru jucătorii tăi din jocuri și pentru studio, dacă ai unul.",
    signIn: "Intră în cont",
    signInWith: (provider: string) => `Intră cu ${provider}`,
    or: "sau",
    forgotten: "Am uitat parola",
    create: "Creează un cont",
    providerFailed: "Nu s-a putut intra de acolo. Încearcă din nou sau folosește parola.",
    codeTitle: "Al doilea factor",
    codeText: "Parola a fost bună. Acum codul pe care îl arată aplicația ta.",
    code: "Codul de șase cifre",
    codeHint: "Nu ai telefonul la îndemână? Merge și un cod de recuperare, o singură dată.",
    again: "Ia-o de la capăt",
  }),
);
