import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Icon } from "../../ui/Icon";
import { toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { boxAround, isWithin, type Point } from "../canvas/view";
import { decideAll } from "../moderate";
import { type World, worldName } from "../place";
import { isAtLeast, useRole } from "../queries";
import { Sure } from "../Sure";
import { type Filter, fullest, type MapPoint, mapQuery, pointsOf } from "./map";
import styles from "./WorldPage.module.css";
import { useWords } from "./words";

/** What lies in a lasso, and what may be done with all of it. */
export function LassoBar({
  world,
  scope,
  filter,
  times,
  lasso,
  drop,
}: {
  world: World;
  scope: string;
  filter: Filter;
  times: [from: string | undefined, to: string | undefined];
  lasso: Point[];
  drop: () => void;
}) {
  const t = useWords();
  const s = useSpeech();
  const role = useRole();
  const { data: map, isPlaceholderData } = useQuery(mapQuery(world, scope, filter, boxAround(lasso), ...times));
  const within = map ? pointsOf(map)?.filter(({ at }) => isWithin(at, lasso)) : undefined;
  const count = within?.length ?? (map ? fullest(map).filter(({ middle }) => isWithin(middle, lasso)).reduce((sum, cell) => sum + cell.count, 0) : 0);
  return (
    <div className={styles["selBar"]} role="group" aria-label={t.inLasso}>
      <span aria-live="polite">
        <b className="b num">{isPlaceholderData || !map ? "…" : s.number(count)}</b> <span className={styles["lb"]}>{t.inLasso}</span>
      </span>
      {within && within.length > 0 && isAtLeast(role, "moderator") && <Acts world={world} points={within} done={drop} />}
      {within && within.length > 0 && <ExportButton points={within} scope={scope} />}
      {map && !within && <span className="xs ink2">{t.narrow}</span>}
      <button className="btn btn-quiet btn-icon btn-sm" type="button" aria-label={t.drop} onClick={drop}>
        <Icon name="x" />
      </button>
    </div>
  );
}

function Acts({ world, points, done }: { world: World; points: MapPoint[]; done: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const again = () => queries.invalidateQueries({ queryKey: ["world", worldName(world)] });
  const ids = points.map(({ id }) => id);
  const isHidden = points.every(({ hidden }) => hidden);
  const act = useMutation({
    mutationFn: (action: "hide" | "restore" | "wipe") => decideAll(world, action, ids, t.reasonOfMap),
    onSuccess: async (affected, action) => {
      const undo = async () => {
        await decideAll(world, action === "hide" ? "restore" : "hide", ids, t.reasonOfMap);
        await again();
      };
      if (action === "wipe") toast(t.wiped(affected));
      else toast(action === "hide" ? t.hidden(affected) : t.restored(affected), undo);
      done();
      await again();
    },
    onError: toastProblem,
  });
  return (
    <>
      <button className="btn btn-sm" type="button" disabled={act.isPending} onClick={() => act.mutate(isHidden ? "restore" : "hide")}>
        <Icon name={isHidden ? "eye" : "hide"} />
        {isHidden ? t.restore : t.hide}
      </button>
      <button className="btn btn-sm btn-bad" type="button" disabled={act.isPending} onClick={() => setAsking(true)}>
        {t.wipe}
      </button>
      {isAsking && (
        <Sure title={t.wipeTitle(ids.length)} button={t.wipe} close={() => setAsking(false)} act={() => act.mutate("wipe")}>
          <p>{t.wipeText}</p>
        </Sure>
      )}
    </>
  );
}

function ExportButton({ points, scope }: { points: MapPoint[]; scope: string }) {
  const t = useWords();
  const save = () => {
    const rows = points.map(({ id, kind, at, hidden }) => [id, kind, ...at, hidden].join(","));
    const file = new Blob([["id,kind,x,y,hidden", ...rows].join("\n")], { type: "text/csv" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `${scope || "traces"}.csv` });
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button className="btn btn-sm" type="button" onClick={save}>
      <Icon name="get" />
      {t.exportThese}
    </button>
  );
}
