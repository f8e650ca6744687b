import { words } from "../../words";

export const useWords = words(
  () => ({
    title: "Your name in the journal",
    text: "Your account has no username yet. Others find you by it, and what you write stands under it.",
    choose: "Take this name",
    onlyStudio: "I only work in a studio",
  }),
  () => ({
    title: "Numele tău în jurnal",
    text: "Contul tău nu are încă un nume de utilizator. După el te găsesc alții, iar ce scrii apare sub el.",
    choose: "Ia acest nume",
    onlyStudio: "Lucrez doar într-un studio",
  }),
);
