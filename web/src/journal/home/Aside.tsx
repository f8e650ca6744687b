import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ok, type Schema } from "../../api/client";
import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { Answer } from "../../ui/parts";
import { useSpeech } from "../../words";
import { GatheringRow } from "../gatherings/GatheringRow";
import { mineQuery } from "../gatherings/queries";
import { NoticeRow } from "../notices/NoticeRow";
import { noticesQuery } from "../notices/queries";
import styles from "./HomePage.module.css";
import { useWords } from "./words";

const WISHES = 6;
const UNREAD = 4;
const NEXT = 3;

/** Beside the feed: what was told and not read, the next gatherings, and the wishes with what has become cheaper. */
export function Aside({ wishes, unread }: { wishes: Schema<"HomeEntry">[]; unread: number }) {
  return (
    <div className={styles["aside"]}>
      {unread > 0 && <Unread />}
      <NextGatherings />
      <Wishes wishes={wishes} />
    </div>
  );
}

function Unread() {
  const t = useWords();
  const notices = useQuery({ ...noticesQuery("unread", UNREAD), select: ({ items }) => items });
  return (
    <section aria-labelledby="unread">
      <div className="sec-h">
        <h2 id="unread">{t.notices}</h2>
        <Link className="sm" to="/journal/notices">
          {t.allNotices}
        </Link>
      </div>
      <Answer query={notices}>
        {(items) => (
          <ul>
            {items.map((notice) => (
              <NoticeRow key={notice.notice_id} notice={notice} isShort />
            ))}
          </ul>
        )}
      </Answer>
    </section>
  );
}

function NextGatherings() {
  const t = useWords();
  const mine = useQuery(mineQuery);
  return (
    <section aria-labelledby="next">
      <div className="sec-h">
        <h2 id="next">{t.next}</h2>
        <Link className="sm" to="/journal/gatherings">
          {t.allGatherings}
        </Link>
      </div>
      <Answer query={mine}>
        {(items) => {
          const ahead = items.filter(({ state, starts_at }) => isAhead(state, starts_at)).slice(0, NEXT);
          if (ahead.length === 0) return <p className="sm ink3">{t.noNext}</p>;
          return (
            <ul>
              {ahead.map((challenge) => (
                <GatheringRow key={challenge.id} challenge={challenge} isShort />
              ))}
            </ul>
          );
        }}
      </Answer>
    </section>
  );
}

function isAhead(state: Schema<"ChallengeState">, startsAt: string): boolean {
  return (state === "pending" || state === "accepted") && new Date(startsAt).getTime() > Date.now();
}

/** What a notice says of a price that fell. */
interface Fall {
  minor: number;
  currency: string;
}

function Wishes({ wishes }: { wishes: Schema<"HomeEntry">[] }) {
  const t = useWords();
  const s = useSpeech();
  const falls = useQuery({
    queryKey: ["notices", "falls"],
    queryFn: async () => {
      const { items } = await ok(api.GET("/api/notices", { params: { query: { limit: 50 } } }));
      const told = items.filter(({ kind, subject, detail }) => kind === "price_fell" && subject && detail);
      return new Map(told.reverse().map(({ subject, detail }) => [subject ?? "", detail as unknown as Fall]));
    },
    staleTime: 60_000,
  });
  const price = (gameId: string) => falls.data?.get(gameId);
  const sorted = [...wishes].sort((a, b) => Number(price(b.game.id) !== undefined) - Number(price(a.game.id) !== undefined));
  return (
    <section aria-labelledby="wishes">
      <div className="sec-h">
        <h2 id="wishes">{t.wishes}</h2>
        <Link className="sm" to="/journal/library">
          {t.library}
        </Link>
      </div>
      {wishes.length === 0 && <p className="sm ink3">{t.noWishes}</p>}
      <ul>
        {sorted.slice(0, WISHES).map(({ game, since }) => {
          const fall = price(game.id);
          return (
            <li key={game.id} className={styles["wish"]}>
              <Cover name={game.name} />
              <span>
                <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
                  {game.name}
                </Link>
                <span className="xs ink3"> {game.year ?? t.since(s.ago(since))}</span>
              </span>
              {fall && (
                <span className="tag tag-ok">
                  <Icon name="down" />
                  {t.fell(s.money(fall.minor, fall.currency))}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
