import type { Schema } from "../../api/client";
import type { Problem } from "../../api/problem";
import { KindSign } from "../kinds";
import { useWords as useStudioWords } from "../words";
import styles from "./SettingsPage.module.css";
import { useWords } from "./words";

type Kind = Schema<"GameKindSettings">;

const numbers = ["deck_size", "pool", "quota_scope", "quota_total", "keep", "expires_s"] as const;

/** The settings of each kind of traces. */
export function KindTable({ kinds, changed, problem, onKinds }: { kinds: Kind[]; changed: Kind["kind"][]; problem: Problem | undefined; onKinds: (kinds: Kind[]) => void }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const set = (at: number, change: Partial<Kind>) => onKinds(kinds.map((kind, i) => (i === at ? { ...kind, ...change } : kind)));
  // Only what has changed is sent: a fault points at its place among that.
  const faultOf = (kind: Kind["kind"], name: string) => problem?.fault(`kinds/${changed.indexOf(kind)}/${name}`);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t.kindsTitle}>
      <table className={styles["kinds"]}>
        <thead>
          <tr>
            <th scope="col">{t.kind}</th>
            <th scope="col">{t.enabled}</th>
            {numbers.map((name) => (
              <th key={name} scope="col">
                {t[name]}
              </th>
            ))}
            <th scope="col">{t.on_quota}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind, at) => {
            const name = studioWords.kinds[kind.kind].many;
            return (
              <tr key={kind.kind}>
                <th scope="row">
                  <span className="row">
                    <KindSign kind={kind.kind} />
                    {name}
                  </span>
                </th>
                <td>
                  <label className="check">
                    <input type="checkbox" aria-label={`${name}: ${t.enabled}`} checked={kind.enabled} onChange={(event) => set(at, { enabled: event.target.checked })} />
                  </label>
                </td>
                {numbers.map((field) => {
                  const fault = faultOf(kind.kind, field);
                  return (
                    <td key={field}>
                      <input
                        className="in mono"
                        type="number"
                        min={0}
                        required
                        aria-label={`${name}: ${t[field]}`}
                        aria-invalid={fault !== undefined}
                        title={fault}
                        value={kind[field]}
                        onChange={(event) => set(at, { [field]: event.target.valueAsNumber })}
                      />
                      {fault && <span className={`err ${styles["err"]}`}>{fault}</span>}
                    </td>
                  );
                })}
                <td>
                  <select className="in" aria-label={`${name}: ${t.on_quota}`} value={kind.on_quota} onChange={(event) => set(at, { on_quota: event.target.value as Kind["on_quota"] })}>
                    {(["evict", "reject"] as const).map((rule) => (
                      <option key={rule} value={rule}>
                        {t.on_quotaNames[rule]}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
