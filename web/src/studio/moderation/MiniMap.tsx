import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { useSpeech } from "../../words";
import { useColours } from "../canvas/colours";
import { useSize } from "../canvas/useSize";
import { type Point, viewOf } from "../canvas/view";
import type { World } from "../place";
import { useWords as useStudioWords } from "../words";
import { drawMap } from "../world/draw";
import { everything, mapQuery, onPlane, pointsOf } from "../world/map";
import { useLevel } from "../world/useLevel";
import styles from "./ModerationPage.module.css";
import type { ModeratedTrace } from "./queue";
import { useWords } from "./words";

/** How far around is counted, and how far is seen, in the game's units. */
const REACH = 30;
const SEEN = 17;
const none: ReadonlySet<string> = new Set();

/** The place around a trace, with what else lies there. */
export function MiniMap({ world, trace, isHidden }: { world: World; trace: ModeratedTrace; isHidden: boolean }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const colours = useColours();
  const { picture } = useLevel(world, trace.scope);
  const [x, y]: Point = onPlane(trace.pos ?? [], "xz");
  const round = (value: number) => Math.round(value);
  const part: [number, number, number, number] = [round(x) - REACH, round(y) - REACH, round(x) + REACH, round(y) + REACH];
  const { data: map } = useQuery({ ...mapQuery(world, trace.scope, everything, part, undefined, undefined), enabled: trace.pos !== undefined });
  const others = map ? pointsOf(map)?.filter(({ id }) => id !== trace.id) : undefined;

  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext("2d");
    if (!element || !g || size.width === 0) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    element.width = size.width * ratio;
    element.height = size.height * ratio;
    g.scale(ratio, ratio);
    const view = viewOf([x - SEEN, y - SEEN * 0.6, x + SEEN, y + SEEN * 0.6], size, false);
    const own = { id: trace.id, kind: trace.kind, at: [x, y] as Point, hidden: isHidden };
    drawMap(g, {
      view,
      ...size,
      colours,
      look: "points",
      map: undefined,
      heat: undefined,
      points: [...(others ?? []), own],
      picture,
      lasso: [],
      chosen: [x, y],
      lit: none,
      numberAt: s.number,
    });
  });

  if (!trace.pos) return <p className="sm ink2">{t.noPlace}</p>;
  return (
    <figure className={`canvas ${styles["ctx"]}`}>
      <div ref={setBox} className={styles["ctxBox"]}>
        <canvas ref={canvas} role="img" aria-label={t.place(studioWords.kinds[trace.kind].one, others?.length ?? map?.total ?? 0)} />
      </div>
    </figure>
  );
}
