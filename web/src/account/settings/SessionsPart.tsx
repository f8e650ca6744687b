import { useQuery, useQueryClient } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Answer } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { useSignOut } from "../sessions";
import styles from "./AccountPage.module.css";
import { Part } from "./sections";
import { useWords } from "./words";

/** A session; newer servers read browser and system from what the browser says of itself. */
type Session = Schema<"Session"> & { browser?: string; system?: string };

const queryKey = ["account", "sessions"];

/** Where one is signed in; each can be ended. */
export function SessionsPart() {
  const t = useWords();
  const queries = useQueryClient();
  const signOut = useSignOut();
  const sessions = useQuery({ queryKey, queryFn: async () => (await ok(api.GET("/v1/account/sessions"))).items as Session[] });
  const end = async ({ session_id, current }: Session) => {
    if (current) return signOut();
    try {
      await ok(api.DELETE("/v1/account/sessions/{session_id}", { params: { path: { session_id } } }));
      await queries.invalidateQueries({ queryKey });
      toast(t.sessionEnded);
    } catch (error) {
      toastProblem(error);
    }
  };
  const endOthers = async (others: Session[]) => {
    for (const other of others) await end(other);
  };
  return (
    <Part title={t.sessions} lead={t.sessionsLead}>
      <Answer query={sessions}>
        {(items) => (
          <>
            <ul className={styles["rows"]}>
              {[...items].sort((a, b) => Number(b.current) - Number(a.current)).map((session) => (
                <Row key={session.session_id} session={session} end={() => void end(session)} />
              ))}
            </ul>
            {items.length > 1 && (
              <div>
                <button className="btn btn-bad" type="button" onClick={() => void endOthers(items.filter(({ current }) => !current))}>
                  {t.endOthers}
                </button>
              </div>
            )}
          </>
        )}
      </Answer>
    </Part>
  );
}

function Row({ session, end }: { session: Session; end: () => void }) {
  const t = useWords();
  const s = useSpeech();
  const { browser, system } = session.browser || session.system ? session : readAgent(session.agent);
  const name = [browser, system].filter(Boolean).join(", ") || session.agent || t.unknownAgent;
  return (
    <li>
      <Icon name={/Android|iOS|iPhone/.test(system ?? "") ? "pad" : "laptop"} />
      <span>
        <b>{name}</b> {session.current && <span className="tag tag-ok">{t.thisOne}</span>}
        <span className="sm ink2"> {[session.address, t.usedAgo(s.ago(session.used_at))].filter(Boolean).join(" · ")}</span>
      </span>
      <button className="btn btn-sm" type="button" onClick={end}>
        {session.current ? t.signOut : t.endSession}
        <span className="vh"> {name}</span>
      </button>
    </li>
  );
}

/** What a browser says of itself, as words that people know. */
function readAgent(agent: string): { browser?: string; system?: string } {
  const browser = (["Edg", "OPR", "Firefox", "Chrome", "Safari"] as const).find((name) => agent.includes(`${name}/`));
  const system = (["Android", "iPhone", "Windows", "Mac OS X", "Linux"] as const).find((name) => agent.includes(name));
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS" };
  return { ...(browser ? { browser: names[browser] ?? browser } : {}), ...(system ? { system: names[system] ?? system } : {}) };
}
