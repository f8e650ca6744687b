import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

import type { Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Failed } from "../../ui/parts";
import { WorkPage } from "../../ui/work";
import type { World } from "../place";
import { gameQuery } from "../queries";
import { authorName, useNames } from "../useAuthorName";
import { useWords as useStudioWords } from "../words";
import { useLevel } from "../world/useLevel";
import { Controls, type Shows } from "./Controls";
import { Findings } from "./Findings";
import styles from "./GhostsPage.module.css";
import { groundUnder } from "./ground";
import { type Lane, Lanes } from "./Lanes";
import { deathOf, frame, inScene, type Run, runQuery, spotsOf, type Vec } from "./runs";
import { RunTable } from "./RunTable";
import type { Camera } from "./scene";
import { clock } from "./time";
import { usePlayer } from "./usePlayer";
import { useSentence } from "./useSentence";
import { useStage } from "./useStage";
import { useWords } from "./words";

/** How many runs are shown at first, and how many more at a time. */
const FIRST = 6;
/** Heaps of stops and deaths are at most so wide: a share of the whole. */
const REACH = 0.035;

/** Runs of a scope on a stage and on a timeline. */
export function GhostsView({
  world,
  scope,
  traces,
  deaths,
  first,
  picker,
}: {
  world: World;
  scope: string;
  traces: Schema<"Trace">[];
  deaths: Schema<"Trace">[];
  first: string | undefined;
  picker: React.ReactNode;
}) {
  const t = useWords();
  const { data: game } = useQuery(gameQuery(world));
  const names = useNames(world, traces);
  const [isTable, setTable] = useState(false);
  const [finishedOnly, setFinishedOnly] = useState(false);
  const [version, setVersion] = useState<number>();
  const [count, setCount] = useState(FIRST);
  const [off, setOff] = useState<ReadonlySet<string>>(new Set());
  const [followedId, setFollowed] = useState(first);
  const [shows, setShows] = useState<Shows>({ paths: true, deaths: true });
  const [camera, setCamera] = useState<Camera>("orbit");
  const ordered = useMemo(() => ordering(traces, version, first), [traces, version, first]);
  const loaded = useQueries({
    queries: ordered.slice(0, count).map((trace) => runQuery(world, trace, game?.axes)),
    combine: (results) => ({ runs: results.flatMap(({ data }) => (data ? [data] : [])), error: results.find(({ error }) => error)?.error }),
  });
  const runs = useMemo(
    () => loaded.runs.filter(({ id, isComplete }) => !off.has(id) && (!finishedOnly || isComplete)),
    [loaded.runs, off, finishedOnly],
  );
  const followed = runs.find(({ id }) => id === followedId)?.id ?? runs[0]?.id;
  const durationMs = Math.max(0, ...runs.map((run) => run.durationMs));
  const player = usePlayer(durationMs);
  const spots = useSpots(loaded.runs, deaths, game?.axes);
  const ground = useMemo(() => groundUnder(placesOf(loaded.runs)), [loaded.runs]);
  const { picture } = useLevel(world, scope);
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const staging = { runs, followed, spots: spots.slice(0, 8), ground, picture, showsPaths: shows.paths, showsDeaths: shows.deaths };
  const stage = useStage(box, staging, player.ms, camera);
  const sentence = useSentence(scope, traces.length, deaths.length, spots);
  const toggle = useCallback((id: string) => setOff((before) => toggled(before, id)), []);
  const lanes = useLanes({ traces: ordered.slice(0, count), runs: loaded.runs, deaths, axes: game?.axes, names, off, followed, finishedOnly });
  const versions = [...new Set(traces.map(({ content_version }) => content_version))].sort((a, b) => b - a);
  return (
    <WorkPage
      title={t.title}
      beside={
        <>
          {picker}
          <VersionSelect versions={versions} version={version} onVersion={setVersion} />
          <button className="chip" type="button" aria-pressed={finishedOnly} onClick={() => setFinishedOnly(!finishedOnly)}>
            {t.finished}
          </button>
          <span className="row end wrap">
            <span className="sm ink2">{t.runsOf(runs.length, ordered.length)}</span>
            <button className="btn btn-sm" type="button" disabled={count >= ordered.length} onClick={() => setCount(count + FIRST)}>
              <Icon name="plus" />
              {t.addRuns}
            </button>
            <span className="group" role="group" aria-label={t.view}>
              {[false, true].map((each) => (
                <button key={String(each)} className="btn btn-sm" type="button" aria-pressed={isTable === each} onClick={() => setTable(each)}>
                  {each ? t.table : t.stage}
                </button>
              ))}
            </span>
          </span>
        </>
      }
    >
      <div className={styles["g"]}>
        <div className={styles["stage"]}>
          <div ref={setBox} className={styles["box"]} hidden={isTable}>
            <canvas ref={stage.canvas} role="img" aria-label={sentence} />
          </div>
          {isTable && <RunTable lanes={lanes} />}
          {loaded.error !== undefined && loaded.error !== null && <Failed error={loaded.error} />}
          {stage.isFlat && !isTable && <p className={`note ${styles["flat"]}`}>{t.noWebgl}</p>}
          {!isTable && <Findings spots={spots} deaths={deaths.length} runs={loaded.runs.length} onLook={stage.lookAt} />}
          {!isTable && <Cameras camera={camera} onCamera={setCamera} />}
        </div>
        <div className={styles["deckp"]}>
          <Controls player={player} durationMs={durationMs} shows={shows} onShows={setShows} frameMs={frameOf(runs)} />
          <Lanes lanes={lanes} durationMs={durationMs} ms={player.ms} onToggle={toggle} onFollow={setFollowed} />
        </div>
      </div>
    </WorkPage>
  );
}

/** The runs of a version, the one that was asked for first. */
function ordering(traces: Schema<"Trace">[], version: number | undefined, first: string | undefined): Schema<"Trace">[] {
  const chosen = version === undefined ? traces : traces.filter(({ content_version }) => content_version === version);
  return chosen.toSorted((a, b) => Number(b.id === first) - Number(a.id === first));
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

function placesOf(runs: Run[]): Vec[] {
  return runs.flatMap(({ places, times }) => Array.from(times, (_, i) => frame(places, i)));
}

/** The time between two frames. */
function frameOf(runs: Run[]): number {
  const [run] = runs;
  return run && run.times.length > 1 ? run.durationMs / (run.times.length - 1) : 100;
}

/** Where several die (by all deaths of the scope) or stop (by the runs that were read). */
function useSpots(runs: Run[], deaths: Schema<"Trace">[], axes: string | undefined) {
  return useMemo(() => {
    const ends = deaths.flatMap(({ pos, type }) => (pos ? [{ at: inScene(pos, axes), cause: type ?? "", secs: 0 }] : []));
    const stops = runs.flatMap((run) => run.stops.map(({ at, fromMs, toMs }) => ({ at, cause: "", secs: (toMs - fromMs) / 1000 })));
    const all = [...ends, ...stops].map(({ at }) => at);
    const wide = (axis: 0 | 2) => Math.max(...all.map((at) => at[axis])) - Math.min(...all.map((at) => at[axis]));
    const reach = all.length > 1 ? Math.max(wide(0), wide(2), 1) * REACH : 1;
    return [...spotsOf("death", ends, reach).slice(0, 4), ...spotsOf("stop", stops, reach).slice(0, 4)];
  }, [runs, deaths, axes]);
}

function useLanes({
  traces,
  runs,
  deaths,
  axes,
  names,
  off,
  followed,
  finishedOnly,
}: {
  traces: Schema<"Trace">[];
  runs: Run[];
  deaths: Schema<"Trace">[];
  axes: string | undefined;
  names: Map<string, string>;
  off: ReadonlySet<string>;
  followed: string | undefined;
  finishedOnly: boolean;
}): Lane[] {
  const t = useWords();
  return useMemo(() => {
    const lanes: Lane[] = [];
    for (const trace of traces) {
      const run = runs.find(({ id }) => id === trace.id);
      if (finishedOnly && run && !run.isComplete) continue;
      const death = run && deathOf(run, deaths, axes);
      const text = death ? t.died(death.type ?? "") : run?.isComplete ? t.reached : t.ended;
      lanes.push({
        run,
        id: trace.id,
        name: authorName(trace, names),
        length: clock(run?.durationMs ?? trace.duration_ms ?? 0),
        outcome: { text, isDeath: death !== undefined },
        isOn: !off.has(trace.id),
        isFollowed: trace.id === followed,
      });
    }
    return lanes;
  }, [traces, runs, deaths, axes, names, off, followed, finishedOnly, t]);
}

function VersionSelect({ versions, version, onVersion }: { versions: number[]; version: number | undefined; onVersion: (version: number | undefined) => void }) {
  const studioWords = useStudioWords();
  if (versions.length < 2) return null;
  return (
    <select
      className={`in ${styles["version"]}`}
      aria-label={studioWords.version}
      value={version ?? ""}
      onChange={(event) => onVersion(event.target.value === "" ? undefined : Number(event.target.value))}
    >
      <option value="">{studioWords.allVersions}</option>
      {versions.map((each) => (
        <option key={each} value={each}>
          {studioWords.versionNumber(each)}
        </option>
      ))}
    </select>
  );
}

const cameras: Camera[] = ["orbit", "follow", "above"];

function Cameras({ camera, onCamera }: { camera: Camera; onCamera: (camera: Camera) => void }) {
  const t = useWords();
  return (
    <div className={styles["cam"]} role="group" aria-label={t.camera}>
      {cameras.map((each) => (
        <button key={each} className="btn btn-sm" type="button" aria-pressed={camera === each} onClick={() => onCamera(each)}>
          {t.cameras[each]}
        </button>
      ))}
    </div>
  );
}
