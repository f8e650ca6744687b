/** What the API says is wrong with a field, as a sentence in the reader's language. */

import { words } from "../words";

interface Texts {
  between: (has: string, min: string, max: string) => string;
  atMost: (has: string, max: string) => string;
  tooLong: (max: string) => string;
  missing: string;
  blank: string;
  reserved: string;
  guessed: string;
  isAddress: string;
  letters: string;
  ends: string;
  control: string;
  /** Any other: what the API says. */
  other: (detail: string) => string;
}

const useTexts = words<Texts>(
  () => ({
    between: (has, min, max) => `It has ${has} characters; ${min} to ${max} are allowed.`,
    atMost: (has, max) => `It has ${has} characters; at most ${max} are allowed.`,
    tooLong: (max) => `It has more than ${max} characters.`,
    missing: "It is missing.",
    blank: "It has nothing but white space.",
    reserved: "This name is reserved.",
    guessed: "It is one of the first that are guessed. Choose another.",
    isAddress: "It is your address. Choose another.",
    letters: "Letters a to z, digits, hyphens and underscores only.",
    ends: "It must begin and end with a letter or a digit.",
    control: "It has a symbol that can’t be seen.",
    other: (detail) => `It ${detail}.`,
  }),
  (s) => {
    const of = (n: string) => s.count(Number(n), { one: "caracter", few: "caractere", other: "de caractere" });
    return {
      between: (has, min, max) => `Are ${of(has)}; sunt îngăduite între ${min} și ${max}.`,
      atMost: (has, max) => `Are ${of(has)}; sunt îngăduite cel mult ${max}.`,
      tooLong: (max) => `Are mai mult de ${of(max)}.`,
      missing: "Lipsește.",
      blank: "Are doar spații.",
      reserved: "Numele acesta este rezervat.",
      guessed: "Este una dintre primele care se ghicesc. Alege alta.",
      isAddress: "Este adresa ta. Alege alta.",
      letters: "Doar litere de la a la z, cifre, cratime și liniuțe de subliniere.",
      ends: "Trebuie să înceapă și să se termine cu o literă sau o cifră.",
      control: "Are un semn care nu se vede.",
      other: (detail) => `Nu este bine aici; serverul spune: „${detail}”.`,
    };
  },
);

const forms: [RegExp, (texts: Texts, found: string[]) => string][] = [
  [/^has (\d+) characters.*; (\d+) to (\d+)$/, (t, [has = "", min = "", max = ""]) => t.between(has, min, max)],
  [/^has (\d+) characters.*; at most (\d+)$/, (t, [has = "", max = ""]) => t.atMost(has, max)],
  [/^has more than (\d+) characters$/, (t, [max = ""]) => t.tooLong(max)],
  [/^is missing$/, (t) => t.missing],
  [/^has nothing but white space$/, (t) => t.blank],
  [/^is reserved$/, (t) => t.reserved],
  [/^is one of the first that are guessed/, (t) => t.guessed],
  [/^is the address/, (t) => t.isAddress],
  [/^may have letters a to z/, (t) => t.letters],
  [/^must begin and end with a letter/, (t) => t.ends],
  [/^has a control character$/, (t) => t.control],
];

/** `has 2 characters; 3 to 32` → "It has 2 characters; 3 to 32 are allowed." */
export function faultText(detail: string): string {
  const texts = useTexts.now();
  for (const [form, say] of forms) {
    const found = form.exec(detail);
    if (found) return say(texts, found.slice(1));
  }
  return texts.other(detail);
}
