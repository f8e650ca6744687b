import { Dialog } from "../../ui/overlays";
import { useKeysOn } from "../../ui/keys";
import styles from "./Reports.module.css";
import { useWords } from "./words";

/** The single keys of the queue. */
export function KeyList({ only }: { only?: readonly string[] }) {
  const t = useWords();
  return (
    <dl className={styles["keys"]}>
      {Object.entries(t.keyList)
        .filter(([key]) => !only || only.includes(key))
        .map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}

/** All keys, over the page. */
export function KeysDialog({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const t = useWords();
  const areOn = useKeysOn();
  return (
    <Dialog title={t.keysAll} isOpen={isOpen} close={close}>
      <div className="stack">
        {!areOn && <p className="note">{t.keysOff}</p>}
        <KeyList />
      </div>
    </Dialog>
  );
}
