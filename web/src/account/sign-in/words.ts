import { words } from "../../words";

export const useWords = words(
  () => ({
    title: "Sign in",
    email: "Email address",
    password: "Password",
    signIn: "Sign in",
    busy: "Signing in",
    forgotten: "I forgot my password",
    noAccount: "No account yet?",
    create: "Create one",
  }),
  () => ({
    title: "Intră în cont",
    email: "Adresa de email",
    password: "Parola",
    signIn: "Intră",
    busy: "Se intră în cont",
    forgotten: "Am uitat parola",
    noAccount: "Nu ai încă un cont?",
    create: "Creează unul",
  }),
);
