import { Fragment } from "react";

import { Dialog } from "../../ui/overlays";
import styles from "./ModerationPage.module.css";
import { useWords } from "./words";

/** Single keys and what they do. */
export function Keys({ only }: { only?: string[] }) {
  const t = useWords();
  const keys = Object.entries(t.keyList).filter(([key]) => !only || only.includes(key));
  return (
    <div className={styles["keys"]}>
      {keys.map(([key, text]) => (
        <Fragment key={key}>
          <kbd>{key}</kbd>
          <span>{text}</span>
        </Fragment>
      ))}
    </div>
  );
}

/** All keys of the page. */
export function KeysDialog({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const t = useWords();
  return (
    <Dialog title={t.keysAll} isOpen={isOpen} close={close}>
      <div className="stack">
        <Keys />
        <p className="sm ink2">{t.soon}</p>
      </div>
    </Dialog>
  );
}
