import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { Failed, Loading } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { KindSign, saidBy } from "../kinds";
import { decideAll } from "../moderate";
import { searchOf, type World, worldName } from "../place";
import { isAtLeast, useRole } from "../queries";
import { useAuthorName } from "../useAuthorName";
import { useWords as useStudioWords } from "../words";
import styles from "./WorldPage.module.css";
import { useWords } from "./words";

/** A trace by its id. */
export const traceQuery = (world: World, id: string) => ({
  queryKey: ["world", worldName(world), "trace", id],
  queryFn: () => ok(api.GET("/v1/traces/{trace_id}", { params: { path: { trace_id: id }, query: { game: worldName(world) } } })),
});

/** What a trace is, and what may be done about it. */
export function TraceCard({ world, id }: { world: World; id: string }) {
  const t = useWords();
  const trace = useQuery(traceQuery(world, id));
  const isGone = trace.error !== null && asProblem(trace.error).status === 404;
  return (
    <section aria-label={t.card}>
      {trace.data ? <Card world={world} trace={trace.data} /> : isGone ? <Gone world={world} id={id} /> : trace.error ? <Failed error={trace.error} retry={trace.refetch} /> : <Loading />}
    </section>
  );
}

function Card({ world, trace }: { world: World; trace: Schema<"Trace"> }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const role = useRole();
  const author = useAuthorName(world, trace);
  const kind = studioWords.kinds[trace.kind].one;
  const figures: [string, string][] = [
    [t.good, s.number(trace.good)],
    [t.poor, s.number(trace.poor)],
    [t.uses, s.number(trace.uses)],
    [t.score, s.percent(trace.score)],
  ];
  return (
    <>
      <div className="row">
        <KindSign kind={trace.kind} />
        <h2>{kind}</h2>
        <span className="tag tag-ok end">{t.status.shown}</span>
      </div>
      <p className={styles["said"]}>{trace.text?.length ? studioWords.quoted(saidBy(trace, kind)) : saidBy(trace, kind)}</p>
      <dl className={styles["nums"]}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <dl className="kv">
        <dt>{t.by}</dt>
        <dd className={styles["author"]}>{author}</dd>
        <dt>{t.left}</dt>
        <dd>{t.versionOf(s.dateTime(trace.created_at), trace.content_version)}</dd>
        <dt>{t.at}</dt>
        <dd className="mono">{trace.pos?.map((value) => Math.round(value * 100) / 100).join(", ") ?? "–"}</dd>
        <dt>{t.lives}</dt>
        <dd>{trace.expires_at ? t.until(s.date(trace.expires_at)) : t.forGood}</dd>
      </dl>
      <div className="row wrap">
        {isAtLeast(role, "moderator") && <HideButton world={world} id={trace.id} />}
        {trace.recording_id && (
          <Link
            className="btn btn-sm"
            to="/studio/$studio/$game/ghosts"
            params={world}
            search={{ ...searchOf(world), scope: trace.scope, trace: trace.id }}
          >
            <Icon name="ghost" />
            {t.run}
          </Link>
        )}
      </div>
    </>
  );
}

function HideButton({ world, id }: { world: World; id: string }) {
  const t = useWords();
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["world", worldName(world)] });
  const hiding = useMutation({
    mutationFn: () => decideAll(world, "hide", [id], t.reasonOfMap),
    onSuccess: async (affected) => {
      toast(t.hidden(affected), async () => {
        await decideAll(world, "restore", [id], t.reasonOfMap);
        await again();
      });
      await again();
    },
    onError: toastProblem,
  });
  return (
    <button className={`btn btn-sm${hiding.isPending ? " is-busy" : ""}`} type="button" disabled={hiding.isPending} onClick={() => hiding.mutate()}>
      <Icon name="hide" />
      {t.hide}
    </button>
  );
}

function Gone({ world, id }: { world: World; id: string }) {
  const t = useWords();
  const queries = useQueryClient();
  const role = useRole();
  const restoring = useMutation({
    mutationFn: () => decideAll(world, "restore", [id], t.reasonOfMap),
    onSuccess: async (affected) => {
      toast(t.restored(affected));
      await queries.invalidateQueries({ queryKey: ["world", worldName(world)] });
    },
    onError: toastProblem,
  });
  return (
    <>
      <div className="row">
        <h2>{t.card}</h2>
        <span className="mono xs ink3">{id}</span>
        <span className="tag tag-bad end">{t.status.hidden}</span>
      </div>
      <p className="ink2 sm">
        {t.gone} {t.goneText}
      </p>
      {isAtLeast(role, "moderator") && (
        <div className="row">
          <button className="btn btn-sm" type="button" onClick={() => restoring.mutate()}>
            <Icon name="eye" />
            {t.restore}
          </button>
        </div>
      )}
    </>
  );
}
