import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { Empty, Failed, Field, Loading } from "../../ui/parts";
import { useSpeech } from "../../words";
import { ForRole } from "../parts";
import { Sheet, WorkPage } from "../../ui/work";
import { useStudio } from "../place";
import { membersQuery } from "../queries";
import styles from "./AuditPage.module.css";
import { useWords } from "./words";

/** Who did what in a studio. */
export function AuditPage() {
  const t = useWords();
  return (
    <WorkPage title={t.title}>
      <ForRole least="developer">
        <Log studio={useStudio()} />
      </ForRole>
    </WorkPage>
  );
}

function Log({ studio }: { studio: string }) {
  const t = useWords();
  const s = useSpeech();
  const [text, setText] = useState("");
  const nameOf = useActors(studio);
  const log = useInfiniteQuery({
    queryKey: ["studio", studio, "audit"],
    queryFn: ({ pageParam }) =>
      ok(api.GET("/v1/studios/{studio}/audit", { params: { path: { studio }, query: { limit: 100, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (last) => (last.more ? last.next : undefined),
  });
  const entries = log.data?.pages.flatMap(({ items }) => items) ?? [];
  const needle = text.trim().toLowerCase();
  const shown = entries.filter((entry) => [nameOf(entry.actor), entry.action, entry.object, entry.detail ?? ""].join(" ").toLowerCase().includes(needle));
  if (!log.data) return <Sheet>{log.error ? <Failed error={log.error} retry={log.refetch} /> : <Loading lines={8} />}</Sheet>;
  return (
    <Sheet>
      <p className="ink2 prose">{t.intro}</p>
      {entries.length === 0 ? (
        <Empty title={t.none} />
      ) : (
        <>
          <div className={styles["find"]}>
            <Field label={t.find} hint={t.findHint}>
              {(ids) => <input {...ids} className="in" type="search" value={text} onChange={(event) => setText(event.target.value)} />}
            </Field>
            <span className="sm ink2" aria-live="polite">
              {t.shown(shown.length)}
            </span>
          </div>
          <div className="scroll" tabIndex={0} role="region" aria-label={t.title}>
            <table className={styles["log"]}>
              <thead>
                <tr>
                  <th scope="col">{t.when}</th>
                  <th scope="col">{t.who}</th>
                  <th scope="col">{t.what}</th>
                  <th scope="col">{t.object}</th>
                  <th scope="col">{t.detail}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((entry, i) => (
                  <tr key={`${entry.at} ${i}`}>
                    <td className={styles["at"]}>
                      <time dateTime={entry.at}>{s.dateTime(entry.at)}</time>
                    </td>
                    <td className={styles["any"]}>{nameOf(entry.actor)}</td>
                    <td className="mono">{entry.action}</td>
                    <td className={`mono ${styles["any"]}`}>{entry.object}</td>
                    <td className={styles["any"]}>{entry.detail}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {log.hasNextPage && (
            <p>
              <button className="btn" type="button" disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                {t.more}
              </button>
            </p>
          )}
        </>
      )}
    </Sheet>
  );
}

/** Who an actor is, in words: a member by their address, a key by its id. */
function useActors(studio: string): (actor: string) => string {
  const t = useWords();
  const { data: members = [] } = useQuery(membersQuery(studio));
  return (actor) => {
    const [kind, id = ""] = actor.split(":");
    if (kind === "user") return members.find(({ user_id }) => user_id === id)?.email ?? t.former;
    if (kind === "key") return t.key(id);
    return actor === "cairn" ? t.itself : t.commandLine;
  };
}
