import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { Answer, Empty, Failed } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { inParts, WindowPart } from "../library/Window";
import style from "./Import.module.css";
import { type Import, importQuery, type Outcome, outcomes, rowsQuery, sources } from "./queries";
import { RowItem } from "./RowItem";
import { useWords } from "./words";

const PART = 20;
const ROW_HEIGHT = 41;

/** An import: what becomes of each row, before anything is in the library; and what was done with it. */
export function ImportPage() {
  const { importId = "" } = useParams({ strict: false });
  const t = useWords();
  useTitle(t.title);
  const one = useQuery(importQuery(importId));
  if (one.error && asProblem(one.error).status === 404) {
    return (
      <Empty title={t.gone}>
        <Link className="btn" to="/journal/import">
          {t.again}
        </Link>
      </Empty>
    );
  }
  return (
    <Answer query={one} lines={8}>
      {(one) => <Whole one={one} />}
    </Answer>
  );
}

function Whole({ one }: { one: Import }) {
  const t = useWords();
  const speech = useSpeech();
  const [outcome, setOutcome] = useState<Outcome>();
  const { source, counts, mode, status, expires_at } = one;
  return (
    <>
      <div className="h-row">
        <h1>{t.from(sources[source])}</h1>
        <span className="cap">{t.rows(counts.rows)}</span>
        <span className="tag">{t.modes[mode]}</span>
        <span className={`tag${status === "applied" ? " tag-ok" : ""}`}>{t.status[status]}</span>
        <span className="row end wrap">
          <Acts one={one} />
        </span>
      </div>
      <p className="sm ink3">
        {status === "ready" || status === "applying" ? t.applyUntil(speech.dateTime(expires_at)) : t.undoUntil(speech.dateTime(expires_at))}
      </p>
      {status === "ready" && counts.unclear > 0 && (
        <p className={`note note-lit ${style["unclear"]}`}>
          <Icon name="info" />
          {t.unclearLeft(counts.unclear)}
        </p>
      )}
      <div className={style["filters"]} role="group" aria-label={t.filter}>
        <OutcomeChip text={t.all} count={counts.rows} isOn={outcome === undefined} choose={() => setOutcome(undefined)} />
        {outcomes.map((one) => (
          <OutcomeChip
            key={one}
            text={t.outcomes[one]}
            title={t.meanings[one]}
            count={counts[one]}
            isOn={outcome === one}
            choose={() => setOutcome(outcome === one ? undefined : one)}
          />
        ))}
      </div>
      <Rows one={one} outcome={outcome} />
    </>
  );
}

function OutcomeChip({ text, title, count, isOn, choose }: { text: string; title?: string; count: number; isOn: boolean; choose: () => void }) {
  const speech = useSpeech();
  return (
    <button className="chip" type="button" aria-pressed={isOn} title={title} onClick={choose}>
      {text} <span className="num">{speech.number(count)}</span>
    </button>
  );
}

/** Apply it while nothing is in the library, undo it afterwards. */
function Acts({ one: { import_id, status, counts } }: { one: Import }) {
  const t = useWords();
  const client = useQueryClient();
  const params = { path: { import_id } };
  const forget = () => client.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === "imports" || first === "library" });
  const undo = useMutation({
    mutationFn: () => ok(api.POST("/api/library/import/{import_id}/undo", { params })),
    onSuccess: ({ restored, kept }) => toast(t.undone(restored, kept)),
    onSettled: forget,
  });
  const apply = useMutation({
    mutationFn: () => ok(api.POST("/api/library/import/{import_id}/apply", { params })),
    onSuccess: ({ counts }) => toast(t.applied(counts.new + counts.changed), () => undo.mutateAsync()),
    onSettled: forget,
  });
  const games = counts.new + counts.changed;
  const error = apply.error ?? undo.error;
  return (
    <>
      {error && <Failed error={error} />}
      {(status === "ready" || status === "applying") && (
        <button
          className={`btn btn-lit${apply.isPending ? " is-busy" : ""}`}
          type="button"
          disabled={games === 0 || apply.isPending}
          onClick={() => apply.mutate()}
        >
          {games === 0 ? t.nothing : t.apply(games)}
        </button>
      )}
      {status === "applied" && (
        <>
          <Link className="btn" to="/journal/library">
            {t.toLibrary}
          </Link>
          <button className={`btn btn-bad${undo.isPending ? " is-busy" : ""}`} type="button" disabled={undo.isPending} onClick={() => undo.mutate()}>
            {t.undo}
          </button>
        </>
      )}
    </>
  );
}

function Rows({ one, outcome }: { one: Import; outcome: Outcome | undefined }) {
  const t = useWords();
  const common = useCommon();
  const rows = useInfiniteQuery(rowsQuery(one.import_id, outcome));
  return (
    <Answer query={rows} lines={8}>
      {({ pages }) => {
        const items = pages.flatMap(({ items }) => items);
        if (items.length === 0) return <p className="ink2">{t.noRows}</p>;
        return (
          <>
            <div className="scroll" tabIndex={0} role="region" aria-label={t.title}>
              <table className={style["rows"]}>
                <thead>
                  <tr>
                    <th scope="col" className="n">
                      {t.columns.row}
                    </th>
                    <th scope="col">{t.columns.name}</th>
                    <th scope="col">{t.columns.outcome}</th>
                    <th scope="col">{t.columns.why}</th>
                  </tr>
                </thead>
                {inParts(items, PART).map((part, i) => (
                  <WindowPart key={i} tag="tbody" isShownFirst={i < 2} estimate={ROW_HEIGHT * part.length}>
                    {part.map((row) => (
                      <RowItem key={row.row} row={row} one={one} />
                    ))}
                  </WindowPart>
                ))}
              </table>
            </div>
            {rows.hasNextPage && (
              <button
                className={`btn btn-quiet btn-sm${rows.isFetchingNextPage ? " is-busy" : ""}`}
                type="button"
                onClick={() => void rows.fetchNextPage()}
              >
                {common.more}
              </button>
            )}
          </>
        );
      }}
    </Answer>
  );
}
