import type { Schema } from "../api/client";
import { useSpeech } from "../words";
import styles from "./parts.module.css";
import { useWords } from "./words";
import { countOf } from "./world/map";

/** Chooses one of a world's scopes. */
export function ScopePicker({ scopes, scope, onScope }: { scopes: Schema<"ScopeTraces">[]; scope: string; onScope: (scope: string) => void }) {
  const t = useWords();
  const s = useSpeech();
  const isKnown = scopes.some((each) => each.scope === scope);
  return (
    <select className={`in ${styles["scope"]}`} aria-label={t.scope} value={scope} onChange={(event) => onScope(event.target.value)}>
      {!isKnown && <option value={scope}>{scope || t.unnamedScope}</option>}
      {scopes.map((each) => (
        <option key={each.scope} value={each.scope}>
          {`${each.scope || t.unnamedScope} · ${s.number(countOf(each))}`}
        </option>
      ))}
    </select>
  );
}
