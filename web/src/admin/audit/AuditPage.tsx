import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { Answer, Empty } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { auditQuery, MODERATION, undoVerdict, type Verdict } from "../moderation";
import { Sheet, WorkPage } from "../../ui/work";
import { useWords as useAdminWords } from "../words";
import styles from "./AuditPage.module.css";
import { useWords } from "./words";

/** All verdicts, of everybody or of one person. */
export function AuditPage() {
  const t = useWords();
  const { username } = useSearch({ from: "/signed-in/admin-frame/admin/audit" });
  const verdicts = useInfiniteQuery(auditQuery(username));
  const isNobody = verdicts.error !== null && asProblem(verdicts.error).status === 404;
  return (
    <WorkPage title={t.title} beside={<Whose key={username} username={username} />}>
      <Sheet>
        <p className="sm ink2 prose">{t.lead}</p>
        {isNobody ? (
          <Empty title={t.nobody} />
        ) : (
          <Answer query={verdicts} lines={8}>
            {(items) =>
              items.length === 0 ? (
                <Empty title={username ? t.nothingOf(username) : t.nothing} text={t.nothingText} />
              ) : (
                <>
                  <Table verdicts={items} />
                  {verdicts.hasNextPage && (
                    <button className="btn" type="button" onClick={() => void verdicts.fetchNextPage()}>
                      {t.more}
                    </button>
                  )}
                </>
              )
            }
          </Answer>
        )}
      </Sheet>
    </WorkPage>
  );
}

function Whose({ username }: { username: string | undefined }) {
  const t = useWords();
  const navigate = useNavigate();
  return (
    <form
      className="row end wrap"
      onSubmit={(event) => {
        event.preventDefault();
        const asked = String(new FormData(event.currentTarget).get("username")).trim();
        void navigate({ to: "/admin/audit", search: asked ? { username: asked } : {} });
      }}
    >
      {username && (
        <Link className="chip" to="/admin/audit" search={{}}>
          <Icon name="x" />
          {t.everybody}
        </Link>
      )}
      <span className="search grow">
        <Icon name="search" />
        <input className="in" name="username" type="search" aria-label={t.find} placeholder={t.find} title={t.findHint} maxLength={32} defaultValue={username} />
      </span>
      <button className="btn" type="submit">
        {t.show}
      </button>
    </form>
  );
}

function Table({ verdicts }: { verdicts: Verdict[] }) {
  const t = useWords();
  return (
    <div className="scroll card" tabIndex={0} role="region" aria-label={t.title}>
      <table className={styles["table"]}>
        <thead>
          <tr>
            {[t.when, t.what, t.about, t.why, t.who, t.state].map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {verdicts.map((verdict) => (
            <Row key={verdict.verdict_id} verdict={verdict} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ verdict }: { verdict: Verdict }) {
  const t = useWords();
  const admin = useAdminWords();
  const s = useSpeech();
  const { kind, author, action, reason, note, until, automatic, by, decided_at } = verdict;
  return (
    <tr>
      <td className={styles["time"]}>
        <time dateTime={decided_at} title={s.dateTime(decided_at)}>
          {s.ago(decided_at)}
        </time>
      </td>
      <th scope="row" className={styles["what"]}>
        {admin.actions[action]}
        {action === "ban" && <span className="ink2 xs"> {until ? admin.until(s.date(until)) : admin.forGood}</span>}
      </th>
      <td className={styles["name"]}>
        {kind !== "person" && <span className="ink3 xs">{admin.kinds[kind]}, </span>}
        {author ? (
          <Link to="/admin/audit" search={{ username: author }}>
            {author}
          </Link>
        ) : (
          <span className="ink3">{t.gone}</span>
        )}
      </td>
      <td className={styles["why"]}>
        {reason && admin.reasons[reason]}
        {note && <p className="xs ink2">{note}</p>}
      </td>
      <td className={styles["name"]}>{automatic ? admin.byReports : (by ?? <span className="ink3">{t.gone}</span>)}</td>
      <td>
        <Then verdict={verdict} />
      </td>
    </tr>
  );
}

function Then({ verdict: { verdict_id, action, undone_at, undone_by, appeal } }: { verdict: Verdict }) {
  const t = useWords();
  const admin = useAdminWords();
  const queries = useQueryClient();
  const undoing = useMutation({
    mutationFn: () => undoVerdict(verdict_id),
    onSuccess: async () => {
      toast(t.undoneNow);
      await queries.invalidateQueries({ queryKey: [MODERATION] });
    },
    onError: toastProblem,
  });
  if (undone_at) return <span className="tag">{undone_by ? t.undoneBy(undone_by) : admin.undone}</span>;
  return (
    <span className="row wrap">
      {appeal && <span className={`tag${appeal.state === "open" ? " tag-lit" : ""}`}>{admin.appeals[appeal.state]}</span>}
      {action !== "appoint" && action !== "dismiss" && (
        <button className={`btn btn-quiet btn-sm${undoing.isPending ? " is-busy" : ""}`} type="button" onClick={() => undoing.mutate()}>
          {t.undo}
        </button>
      )}
    </span>
  );
}
