/** A person's sign: the first letters of their name on a stone of their own colour. */
export function Avatar({ name, small = false }: { name: string; small?: boolean }) {
  const letters = name.split(/[\s_.-]+/).filter(Boolean).slice(0, 2).map((part) => [...part][0] ?? "").join("");
  const tone = [...name].reduce((sum, symbol) => sum + (symbol.codePointAt(0) ?? 0), 0) % 4;
  return (
    <span className={`av av-${"bcde"[tone]}${small ? " av-s" : ""}`} aria-hidden="true">
      {letters.toUpperCase()}
    </span>
  );
}
