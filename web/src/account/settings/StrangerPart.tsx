import { useQuery } from "@tanstack/react-query";

import type { Schema } from "../../api/client";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import styles from "./AccountPage.module.css";
import { Part } from "./sections";
import { strangerKey } from "./useProfile";
import { useWords } from "./words";

/** What the server answers to somebody who is signed out; `null` where that is nothing. */
async function asStranger<T>(path: string): Promise<T | null> {
  const response = await fetch(path, { credentials: "omit" });
  if (response.ok) return (await response.json()) as T;
  if (response.status === 404) return null;
  throw new Error(`HTTP ${response.status}`);
}

/** One's profile as a stranger sees it: asked of the server without the session, so that it is no promise but the fact. */
export function StrangerPart({ username }: { username: string }) {
  const t = useWords();
  const path = `/api/users/${encodeURIComponent(username)}`;
  const seen = useQuery({
    queryKey: [...strangerKey, username],
    queryFn: async () => ({
      person: await asStranger<Schema<"Person">>(path),
      statistics: await asStranger<Schema<"LibraryStatistics">>(`${path}/statistics`),
    }),
    staleTime: 0,
  });
  return (
    <Part title={t.stranger} lead={t.strangerLead}>
      <Answer query={seen}>
        {({ person, statistics }) =>
          person ? <Card person={person} statistics={statistics} /> : <p className="row"><Icon name="hide" /> {t.strangerNothing}</p>
        }
      </Answer>
    </Part>
  );
}

function Card({ person, statistics }: { person: Schema<"Person">; statistics: Schema<"LibraryStatistics"> | null }) {
  const t = useWords();
  const s = useSpeech();
  const { username, display_name, bio } = person;
  const games = statistics?.entries ?? 0;
  return (
    <div className={`card ${styles["seen"]}`}>
      <Avatar name={display_name ?? username} />
      <div className="stack-1">
        <p>
          <b>{display_name ?? username}</b> {display_name && <span className="ink3">{username}</span>}
        </p>
        {bio && <p className="sm">{bio}</p>}
        <p className="sm ink2">{games > 0 ? t.strangerGames(s.number(games), s.minutes(statistics?.minutes ?? 0)) : t.strangerNoGames}</p>
      </div>
    </div>
  );
}
