import { useQuery } from "@tanstack/react-query";

import type { Schema } from "../../api/client";
import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import { Part } from "../../ui/work";
import type { World } from "../place";
import { storageQuery } from "../queries";
import styles from "./SettingsPage.module.css";
import { useWords } from "./words";

/** What a world and its studio store, and how much they may. */
export function StorageUse({ world }: { world: World }) {
  const t = useWords();
  const storage = useQuery(storageQuery(world));
  return (
    <Part title={t.storage} hint={t.storageHint}>
      <Answer query={storage} lines={2}>
        {(use) => (
          <div className={styles["storage"]}>
            <Amount title={t.ofWorld} amount={use.world} />
            <Amount title={t.ofStudio} amount={use.studio} />
          </div>
        )}
      </Answer>
    </Part>
  );
}

function Amount({ title, amount }: { title: string; amount: Schema<"StoredAmount"> }) {
  const t = useWords();
  const s = useSpeech();
  const bytes = t.bytesOf(s.bytes(amount.bytes), amount.max_bytes === undefined ? t.unbounded : s.bytes(amount.max_bytes));
  const scopes = t.scopesOf(s.number(amount.scopes), amount.max_scopes === undefined ? t.unbounded : s.number(amount.max_scopes));
  return (
    <div className="stack-2">
      <h3>{title}</h3>
      <p className="sm num">{bytes}</p>
      {amount.max_bytes !== undefined && <meter aria-label={`${title}: ${bytes}`} min={0} max={amount.max_bytes} low={amount.max_bytes * 0.8} high={amount.max_bytes * 0.93} optimum={0} value={amount.bytes} />}
      <p className="sm num">{scopes}</p>
      {amount.max_scopes !== undefined && <meter aria-label={`${title}: ${scopes}`} min={0} max={amount.max_scopes} low={amount.max_scopes * 0.8} high={amount.max_scopes * 0.93} optimum={0} value={amount.scopes} />}
    </div>
  );
}
