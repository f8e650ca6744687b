/** Pages of the frame itself: nothing here, and a page that broke. */

import { Link } from "@tanstack/react-router";

import { Empty } from "../ui/parts";
import { useWords } from "./words";

/** No page has this address. */
export function NotFound() {
  const t = useWords();
  return (
    <div className="page narrow">
      <Empty title={t.notFound} text={t.notFoundText}>
        <Link className="btn" to="/journal">
          {t.toStart}
        </Link>
      </Empty>
    </div>
  );
}

/** A page that failed to draw; the frame around it stands. */
export function Broken() {
  const t = useWords();
  return (
    <div className="page narrow">
      <Empty title={t.broken} text={t.brokenText}>
        <button className="btn" type="button" onClick={() => location.reload()}>
          {t.reload}
        </button>
      </Empty>
    </div>
  );
}
