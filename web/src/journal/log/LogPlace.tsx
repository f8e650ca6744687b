import { lazy, Suspense, useEffect, useId, useRef } from "react";

import { Icon } from "../../ui/Icon";
import { useKey } from "../../ui/keys";
import { Dialog } from "../../ui/overlays";
import { Loading } from "../../ui/parts";
import { useMatches } from "../../ui/useMatches";
import { useCommon } from "../../ui/words";
import { closeLog, openLog, useOpenLog } from "./open";
import style from "./QuickLog.module.css";
import { useWords } from "./words";

const QuickLog = lazy(() => import("./QuickLog").then((module) => ({ default: module.QuickLog })));

/** Where the quick log appears: beside the page where there is room, else over it. `L` opens it. */
export function LogPlace() {
  const shown = useOpenLog();
  const hasRoom = useMatches("(min-width: 70rem)");
  const t = useWords();
  useKey("l", () => shown ?? openLog());
  if (!shown) return null;
  const log = (
    <Suspense fallback={<Loading lines={6} />}>
      <QuickLog key={shown.opening} game={shown.game} close={closeLog} />
    </Suspense>
  );
  if (hasRoom) return <Drawer>{log}</Drawer>;
  return (
    <Dialog title={t.title} isOpen close={closeLog}>
      {log}
    </Dialog>
  );
}

/** Beside the page: the page stays usable. Escape closes it, and the focus goes back to where it was. */
function Drawer({ children }: { children: React.ReactNode }) {
  const t = useWords();
  const common = useCommon();
  const heading = useId();
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    drawer.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside
      ref={drawer}
      className={`card raised ${style["drawer"]}`}
      aria-labelledby={heading}
      tabIndex={-1}
      onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && closeLog()}
    >
      <div className="row between">
        <h2 id={heading}>{t.title}</h2>
        <button className="btn btn-quiet btn-icon btn-sm" type="button" aria-label={common.close} onClick={closeLog}>
          <Icon name="x" />
        </button>
      </div>
      {children}
    </aside>
  );
}
