import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useMe } from "../../account/me";
import { api, ok, type Schema } from "../../api/client";
import { Avatar } from "../../ui/Avatar";
import { Rating } from "../../ui/Cairn";
import { Cover } from "../../ui/Cover";
import { Fill } from "../../ui/Fill";
import { Empty } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { nameOf } from "../people/queries";
import styles from "./HomePage.module.css";
import { useWords } from "./words";

type Item = Schema<"JournalFeedItem">;

/** What those whom one follows did, the newest first; the first page came with the home. */
export function Feed({ first }: { first: Schema<"JournalFeedPage"> }) {
  const t = useWords();
  const common = useCommon();
  const feed = useInfiniteQuery({
    queryKey: ["home", "feed"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ok(api.GET("/api/feed", { params: { query: pageParam ? { after: pageParam } : {} } })),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
    initialData: { pages: [first], pageParams: [undefined] },
    staleTime: 60_000,
  });
  const items = feed.data.pages.flatMap((page) => page.items);
  return (
    <section aria-labelledby="feed">
      <div className="sec-h">
        <h2 id="feed">{t.friends}</h2>
      </div>
      {items.length === 0 ? (
        <Empty title={t.noFeed} text={t.noFeedText}>
          <Link className="btn" to="/journal/people">
            {t.findPeople}
          </Link>
        </Empty>
      ) : (
        <ul className={styles["feed"]}>
          {items.map((item, i) => (
            <Row key={`${item.at} ${item.by.username} ${i}`} item={item} />
          ))}
        </ul>
      )}
      {feed.hasNextPage && (
        <button className="btn" type="button" onClick={() => void feed.fetchNextPage()} aria-busy={feed.isFetchingNextPage}>
          {common.more}
        </button>
      )}
    </section>
  );
}

function PersonLink({ person }: { person: Schema<"PersonCard"> }) {
  return (
    <Link to="/journal/people/$username" params={{ username: person.username }}>
      {nameOf(person)}
    </Link>
  );
}

function Row({ item }: { item: Item }) {
  const t = useWords();
  const s = useSpeech();
  const common = useCommon();
  const me = useMe();
  const { what, by, game, state, followed, thought_id, excerpt, rating, at } = item;
  const isYou = followed !== undefined && followed.username === me.username;
  const sentence = t.feed[what === "state" ? (state ?? "ongoing") : isYou ? "followYou" : what];
  const gameLink = game ? (
    <Link to="/journal/games/$gameId" params={{ gameId: game.id }}>
      {game.name}
    </Link>
  ) : (
    t.aGame
  );
  const isWritten = what === "thought" || what === "review";
  return (
    <li className={styles["item"]}>
      <Avatar name={nameOf(by)} />
      <div>
        <p>
          <Fill
            text={sentence}
            parts={{ by: <PersonLink person={by} />, game: gameLink, followed: followed && <PersonLink person={followed} /> }}
          />
        </p>
        {isWritten && (excerpt || thought_id) && (
          <blockquote className={styles["quote"]}>
            {rating !== undefined && <Rating value={rating} label={common.rated(rating)} />} {excerpt ?? <i>{t.hiddenText}</i>}{" "}
            {thought_id && (
              <Link to="/journal/thoughts/$thoughtId" params={{ thoughtId: thought_id }}>
                {t.read}
              </Link>
            )}
          </blockquote>
        )}
        <time className="xs ink3" dateTime={at}>
          {s.ago(at)}
        </time>
      </div>
      {game && <Cover name={game.name} />}
    </li>
  );
}
