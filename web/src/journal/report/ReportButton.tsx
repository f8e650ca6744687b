import { useState } from "react";

import { type Kind, ReportDialog } from "./ReportDialog";
import { useWords } from "./words";

/** A quiet button that reports something of somebody else. */
export function ReportButton({ kind, id }: { kind: Kind; id: string }) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button className="btn btn-quiet btn-sm" type="button" onClick={() => setOpen(true)}>
        {t.report}
      </button>
      {isOpen && <ReportDialog kind={kind} id={id} isOpen close={() => setOpen(false)} />}
    </>
  );
}
