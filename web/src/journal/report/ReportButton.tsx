import { useState, useSyncExternalStore } from "react";

import { Icon } from "../../ui/Icon";
import { type Kind, ReportDialog } from "./ReportDialog";
import { isReported, listen } from "./reported";
import { useWords } from "./words";

/** Reports something to the moderators, once: afterwards it says that it was reported. `name` says whose or which, to those who hear the page. */
export function ReportButton({ kind, id, name }: { kind: Kind; id: string; name: string }) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  const wasSent = useSyncExternalStore(listen, () => isReported(kind, id));
  return (
    <>
      <button
        className="btn btn-quiet btn-sm"
        type="button"
        disabled={wasSent}
        aria-label={`${wasSent ? t.reported : t.title[kind]}: ${name}`}
        onClick={() => setOpen(true)}
      >
        <Icon name={wasSent ? "check" : "shield"} />
        {wasSent ? t.reported : t.report}
      </button>
      {isOpen && <ReportDialog kind={kind} id={id} isOpen close={() => setOpen(false)} />}
    </>
  );
}
