/** The kinds of traces, each with a sign of its own shape and colour. */

import type { Schema } from "../api/client";
import { useWords } from "./words";

/** A kind of trace. */
export type Kind = Schema<"TraceKind">;

/** All of them, in the order in which pages name them. */
export const kinds: Kind[] = ["message", "object", "phantom", "bloodstain"];

const signs: Record<Kind, string> = { message: "message", object: "structure", phantom: "ghost", bloodstain: "death" };

/** The name of a kind's sign: part of its class (`k-…`) and of its colour's role (`--k-…`). */
export function signOf(kind: Kind): string {
  return signs[kind];
}

/** The sign of a kind; with its name for those who hear the page. */
export function KindSign({ kind, named = false }: { kind: Kind; named?: boolean }) {
  const t = useWords();
  return (
    <>
      <span className={`k k-${signs[kind]}`} aria-hidden="true" />
      {named && <span className="vh">{t.kinds[kind].one}</span>}
    </>
  );
}

/** What of a trace says something. */
export type Saying = Pick<Schema<"Trace">, "text" | "type" | "template" | "word" | "conjunction" | "template2" | "word2">;

/** What a trace says in a line: its words, its type or the name of its kind. */
export function saidBy({ text, type, template, word, conjunction, template2, word2 }: Saying, kindName: string): string {
  if (text?.length) return text.join(" ");
  if (template) return `${kindName} ${[template, word, conjunction, template2, word2].filter(Boolean).join("·")}`;
  return type || kindName;
}
