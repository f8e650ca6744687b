import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Rating } from "../../ui/Cairn";
import { Empty, Failed, Loading } from "../../ui/parts";
import { UserText } from "../../ui/UserText";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import styles from "./PersonPage.module.css";
import { thoughtsQuery } from "./queries";
import { useWords } from "./words";

/** What they wrote, the newest first; spoilers are folded. */
export function TheirThoughts({ username }: { username: string }) {
  const t = useWords();
  const s = useSpeech();
  const common = useCommon();
  const thoughts = useInfiniteQuery(thoughtsQuery(username));
  if (thoughts.error && !thoughts.data) return <Failed error={thoughts.error} retry={thoughts.refetch} />;
  if (!thoughts.data) return <Loading lines={6} />;
  const items = thoughts.data.pages.flatMap(({ items }) => items);
  if (items.length === 0) return <Empty title={t.noThoughts} />;
  return (
    <div className={styles["thoughts"]}>
      {items.map(({ id, game, html, rating, spoiler, created_at }) => (
        <article key={id} className={styles["thought"]}>
          <header className="row wrap">
            {game && (
              <h2>
                <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
                  {game.name}
                </Link>
              </h2>
            )}
            {rating !== undefined && <Rating value={rating} label={common.rated(rating)} />}
            <Link className="xs ink3 end" to="/journal/thoughts/$thoughtId" params={{ thoughtId: id }}>
              <time dateTime={created_at}>{s.ago(created_at)}</time>
            </Link>
          </header>
          <UserText html={html} spoiler={spoiler} />
        </article>
      ))}
      {thoughts.hasNextPage && (
        <button className="btn" type="button" onClick={() => void thoughts.fetchNextPage()}>
          {common.more}
        </button>
      )}
    </div>
  );
}
