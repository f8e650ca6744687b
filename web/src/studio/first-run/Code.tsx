/** A snippet in colours: comments, texts and what the language keeps for itself. */

const keywords =
  /^(?:extends|const|func|var|return|if|else|await|async|function|let|using|new|use|fn|local|then|end|import|export|print|require|for|in|is|curl|sed)$/;
const parts = /("""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?:\/\/|--|#)[^\n]*|[A-Za-z_][A-Za-z0-9_]*)/g;

const kindOf = (part: string, before: string, after: string): string | undefined => {
  if (/^["'`]/.test(part)) return "s";
  if (/^(?:\/\/|--|#)/.test(part)) return /(?:^|[\n\s])$/.test(before) ? "c" : undefined;
  if (keywords.test(part)) return "w";
  return after.startsWith("(") ? "f" : undefined;
};

/** The code of a snippet. */
export function Code({ code }: { code: string }) {
  const pieces: React.ReactNode[] = [];
  let last = 0;
  for (const match of code.matchAll(parts)) {
    const [part] = match;
    const from = match.index;
    const kind = kindOf(part, code.slice(0, from), code.slice(from + part.length, from + part.length + 1));
    pieces.push(code.slice(last, from), kind ? <span key={from} className={kind}>{part}</span> : part);
    last = from + part.length;
  }
  pieces.push(code.slice(last));
  return <code>{pieces}</code>;
}
