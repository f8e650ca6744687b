import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask } from "../../account/requests";
import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Empty, Failed, Field, Loading } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { useWords as useReportWords } from "../report/words";
import styles from "./NoticesPage.module.css";
import { useWords } from "./words";

/** What was decided about something of one's own. */
interface Verdict {
  verdict_id: string;
  kind: string;
  id?: string;
  action: string;
  reason?: string;
  note?: string;
  until?: string;
  automatic: boolean;
  in_force: boolean;
  decided_at: string;
  appeal?: { state: string; text: string; at: string };
}

interface Page {
  items: Verdict[];
  next: string;
  more: boolean;
}

const queryKey = ["verdicts"];
const APPEALED = ["hide", "clear_name", "clear_bio", "ban"];

/** Decisions about oneself, the newest first, with the way to appeal. */
export function Verdicts() {
  const t = useWords();
  const common = useCommon();
  const verdicts = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ask<Page>("GET", `/api/verdicts${pageParam ? `?after=${encodeURIComponent(pageParam)}` : ""}`),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
  });
  if (verdicts.error && !verdicts.data) return <Failed error={verdicts.error} retry={verdicts.refetch} />;
  if (!verdicts.data) return <Loading lines={5} />;
  const items = verdicts.data.pages.flatMap(({ items }) => items);
  if (items.length === 0) return <Empty title={t.noVerdicts} text={t.verdictsLead} />;
  return (
    <>
      <p className="sm ink2">{t.verdictsLead}</p>
      <ul>
        {items.map((verdict) => (
          <Row key={verdict.verdict_id} verdict={verdict} />
        ))}
      </ul>
      {verdicts.hasNextPage && (
        <button className="btn" type="button" onClick={() => void verdicts.fetchNextPage()}>
          {common.more}
        </button>
      )}
    </>
  );
}

function Row({ verdict }: { verdict: Verdict }) {
  const t = useWords();
  const s = useSpeech();
  const reports = useReportWords();
  const { action, reason, note, until, automatic, in_force, decided_at, appeal } = verdict;
  const reasonText = reason === undefined ? undefined : ((reports.reasons as Record<string, string>)[reason] ?? reason);
  const facts = [automatic && t.automatic, until && t.until(s.dateTime(until)), !in_force && t.noLonger].filter(Boolean);
  return (
    <li className={styles["verdict"]}>
      <p className="b">{t.verdicts[action] ?? t.texts["moderated"]}</p>
      {reasonText && <p className="sm">{t.reason(reasonText)}</p>}
      {note && <blockquote className="sm ink2">{note}</blockquote>}
      <p className="xs ink3">{[s.dateTime(decided_at), ...facts].join(" · ")}</p>
      {appeal && <span className="tag">{t.appealStates[appeal.state] ?? appeal.state}</span>}
      {!appeal && in_force && APPEALED.includes(action) && <Appeal id={verdict.verdict_id} />}
    </li>
  );
}

function Appeal({ id }: { id: string }) {
  const t = useWords();
  const queries = useQueryClient();
  const appealing = useMutation({
    mutationFn: (text: string) => ask("POST", `/api/verdicts/${id}/appeal`, { text }),
    onSuccess: () => {
      toast(t.appealSent);
      return queries.invalidateQueries({ queryKey });
    },
  });
  const problem = appealing.error ? asProblem(appealing.error) : undefined;
  return (
    <details className="fold">
      <summary>{t.appeal}</summary>
      <form onSubmit={onForm((form) => appealing.mutate(String(form.get("text")).trim()))}>
        {problem && !problem.fault("text") && <Failed error={problem} />}
        <Field label={t.appealLabel} hint={t.appealHint} error={problem?.fault("text")}>
          {(ids) => <textarea {...ids} className="in" name="text" required maxLength={1000} rows={4} />}
        </Field>
        <div>
          <button className={`btn${appealing.isPending ? " is-busy" : ""}`} type="submit">
            {t.sendAppeal}
          </button>
        </div>
      </form>
    </details>
  );
}
