import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

import type { Schema } from "../../api/client";
import { Icon, type IconName } from "../../ui/Icon";
import { Failed } from "../../ui/parts";
import { useLater } from "../../ui/useLater";
import { useSpeech } from "../../words";
import { type Box, type Point, roundStep, seen, type View, zoomed } from "../canvas/view";
import { WorkPage } from "../../ui/work";
import { type World } from "../place";
import { gameQuery } from "../queries";
import { ScopePicker } from "../ScopePicker";
import { useWords as useStudioWords } from "../words";
import { DeckList, deckQuery } from "./DeckList";
import type { Look } from "./draw";
import { FilterButton, KindChips, Legend } from "./Filters";
import { LassoBar } from "./LassoBar";
import { LevelDialog } from "./LevelDialog";
import { everything, type Filter, fullest, mapQuery, onPlane, type Part, pointsOf, type ScopeMap } from "./map";
import { MapCanvas, type Tool } from "./MapCanvas";
import { MapTable } from "./MapTable";
import { BARS, type Span, timeOfBar, TimeSlider } from "./TimeSlider";
import { TraceCard, traceQuery } from "./TraceCard";
import { useLevel } from "./useLevel";
import styles from "./WorldPage.module.css";
import { useWords } from "./words";

type Shown = Look | "table";
interface Size {
  width: number;
  height: number;
}

/** The map of one scope, with all that belongs beside it. */
export function WorldView({
  world,
  scope,
  scopes,
  trace,
  onScope,
  onTrace,
}: {
  world: World;
  scope: string;
  scopes: Schema<"ScopeTraces">[];
  trace: string | undefined;
  onScope: (scope: string) => void;
  onTrace: (trace: string | undefined) => void;
}) {
  const t = useWords();
  const { data: game } = useQuery(gameQuery(world));
  const [filter, setFilter] = useState<Filter>(everything);
  const upright: Filter = { ...filter, plane: filter.plane === "xz" && game?.axes?.startsWith("z_up") ? "xy" : filter.plane };
  const [shown, setShown] = useState<Shown>("heat");
  const [tool, setTool] = useState<Tool>("move");
  const [view, setView] = useState<View>();
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  const [lasso, setLasso] = useState<{ line: Point[]; isDone: boolean }>({ line: [], isDone: false });
  const [span, setSpan] = useState<Span>([0, BARS]);
  const [deck, setDeck] = useState(0);
  const [isPlacing, setPlacing] = useState(false);
  const level = useLevel(world, scope);
  const maps = useMaps(world, scope, upright, useLater(span, 120), useLater(view, 180), size);
  const points = useMemo(() => (maps.map ? pointsOf(maps.map) : undefined), [maps.map]);
  const chosen = useQuery({ ...traceQuery(world, trace ?? ""), enabled: trace !== undefined });
  const { data: dealt } = useQuery(deckQuery(world, scope, deck));
  const lit = useMemo(() => new Set(dealt?.traces.map(({ id }) => id)), [dealt]);
  const onView = useCallback((next: View, nextSize: Size) => {
    setView(next);
    setSize(nextSize);
  }, []);
  const drop = () => setLasso({ line: [], isDone: false });
  const label = useSentence(scope, maps.overall);
  const spot = chosen.data?.pos ? onPlane(chosen.data.pos, upright.plane) : points?.find(({ id }) => id === trace)?.at;
  const zoom = (by: number) => view && setView(zoomed(view, size, by, [size.width / 2, size.height / 2]));
  return (
    <WorkPage
      title={t.title}
      beside={
        <>
          <ScopePicker scopes={scopes} scope={scope} onScope={onScope} />
          <KindChips map={maps.overall} filter={filter} onFilter={setFilter} />
          <span className="row end wrap">
            <FilterButton map={maps.overall} filter={upright} onFilter={setFilter} />
            <Looks shown={shown} onShown={setShown} />
          </span>
        </>
      }
    >
      <div className={styles["m"]}>
        <div className={styles["view"]}>
          {maps.error ? (
            <div className="pad">
              <Failed error={maps.error} retry={maps.again} />
            </div>
          ) : shown === "table" ? (
            maps.map && <MapTable map={maps.map} chosen={trace} onChoose={({ id }) => onTrace(id)} />
          ) : (
            <>
              <MapCanvas
                map={maps.map}
                points={points}
                look={shown}
                picture={upright.plane === "zy" ? undefined : level.picture}
                tool={tool}
                view={view}
                lasso={lasso.line}
                chosen={spot}
                lit={lit}
                isUp={upright.plane === "zy"}
                label={label}
                onView={onView}
                onLasso={(line, isDone) => setLasso({ line: isDone && line.length < 3 ? [] : line, isDone: isDone && line.length >= 3 })}
                onChoose={(point) => onTrace(point?.id)}
                onEscape={drop}
              />
              <Tools tool={tool} onTool={setTool} onZoom={zoom} onWhole={() => setView(undefined)} onPicture={() => setPlacing(true)} />
              {shown === "heat" && maps.map && <Legend map={maps.map} unit={game?.units ?? ""} most={fullest(maps.map)[0]?.count ?? 1} />}
            </>
          )}
          {lasso.isDone && <LassoBar world={world} scope={scope} filter={upright} times={maps.times} lasso={lasso.line} drop={drop} />}
          {maps.overall && <TimeSlider map={maps.overall} span={span} onSpan={setSpan} />}
        </div>
        <div className={styles["pan"]}>
          {trace === undefined ? (
            <section>
              <p className="sm ink2">{t.noCard}</p>
            </section>
          ) : (
            <TraceCard world={world} id={trace} />
          )}
          <DeckList world={world} scope={scope} number={deck} chosen={trace} onNumber={setDeck} onChoose={({ id }) => onTrace(id)} />
        </div>
      </div>
      {isPlacing && (
        <LevelDialog
          level={level.level}
          fit={view ? seen(view, size) : [0, 0, 100, 100]}
          keep={level.keep}
          forget={level.forget}
          close={() => setPlacing(false)}
        />
      )}
    </WorkPage>
  );
}

/** The map of the whole scope, and a finer one of what is seen. */
function useMaps(world: World, scope: string, filter: Filter, span: Span, view: View | undefined, size: Size) {
  const whole = useQuery(mapQuery(world, scope, filter, undefined, undefined, undefined));
  const overall = whole.data;
  const at = (bar: number) => overall && new Date(timeOfBar(overall, bar)).toISOString();
  const times: [string | undefined, string | undefined] = [
    span[0] > 0 ? at(span[0]) : undefined,
    span[1] < BARS ? at(span[1]) : undefined,
  ];
  const part = overall && view ? partOf(overall, seen(view, size)) : undefined;
  const isNarrowed = part !== undefined || times.some((time) => time !== undefined);
  const fine = useQuery({ ...mapQuery(world, scope, filter, part, ...times), enabled: isNarrowed && overall !== undefined });
  const error = (isNarrowed ? fine.error : null) ?? whole.error;
  return {
    overall,
    map: isNarrowed ? (fine.data ?? overall) : overall,
    times,
    error: overall ? null : error,
    again: () => Promise.all([whole.refetch(), isNarrowed && fine.refetch()]),
  };
}

/** The part to count for what is seen, with room around it; none where that is nearly all. */
function partOf(overall: ScopeMap, [x0, y0, x1, y1]: Box): Part {
  const [left = 0, top = 0, right = 1, bottom = 1] = overall.bounds;
  const [width, height] = [x1 - x0, y1 - y0];
  if (width > (right - left) * 0.75 && height > (bottom - top) * 0.75) return undefined;
  const step = roundStep(Math.max(width, height) / 10);
  const low = (value: number, least: number) => Math.max(Math.floor((value - step) / step) * step, Math.floor(least));
  const high = (value: number, most: number) => Math.min(Math.ceil((value + step) / step) * step, Math.ceil(most));
  const part: Part = [low(x0, left), low(y0, top), high(x1, right), high(y1, bottom)];
  return part[0] < part[2] && part[1] < part[3] ? part : undefined;
}

/** The map in a sentence, for those who don't see it. */
function useSentence(scope: string, map: ScopeMap | undefined): string {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  if (!map) return studioWords.scope;
  const at = (value: number) => s.number(Math.round(value));
  const spots = fullest(map)
    .slice(0, 3)
    .map(({ middle: [x, y], count }) => t.spot(at(x), at(y), count));
  return t.sentence(scope || studioWords.unnamedScope, map.total, spots.length > 0 ? t.spots(s.list(spots)) : "");
}

function Looks({ shown, onShown }: { shown: Shown; onShown: (shown: Shown) => void }) {
  const t = useWords();
  return (
    <span className="group" role="group" aria-label={t.showAs}>
      {(["heat", "points", "table"] as const).map((each) => (
        <button key={each} className="btn btn-sm" type="button" aria-pressed={shown === each} onClick={() => onShown(each)}>
          {t[each]}
        </button>
      ))}
    </span>
  );
}

function Tools({
  tool,
  onTool,
  onZoom,
  onWhole,
  onPicture,
}: {
  tool: Tool;
  onTool: (tool: Tool) => void;
  onZoom: (by: number) => void;
  onWhole: () => void;
  onPicture: () => void;
}) {
  const t = useWords();
  const button = (label: string, icon: IconName, act: () => void, isPressed?: boolean) => (
    <button className="btn btn-icon btn-sm" type="button" aria-label={label} aria-pressed={isPressed} onClick={act}>
      <Icon name={icon} />
    </button>
  );
  return (
    <div className={styles["tools"]} role="toolbar" aria-label={t.map} aria-orientation="vertical">
      {button(t.move, "grab", () => onTool("move"), tool === "move")}
      {button(t.lasso, "lasso", () => onTool("lasso"), tool === "lasso")}
      {button(t.nearer, "plus", () => onZoom(1.4))}
      {button(t.farther, "minus", () => onZoom(1 / 1.4))}
      {button(t.whole, "map", onWhole)}
      {button(t.image, "image", onPicture)}
    </div>
  );
}
