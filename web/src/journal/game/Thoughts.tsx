import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useMe } from "../../account/me";
import { Answer, Empty } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { gameThoughtsQuery, type Thought } from "../thought/queries";
import { ThoughtCard } from "../thought/ThoughtCard";
import { ThoughtForm } from "../thought/ThoughtForm";
import { type Entry, friendsQuery } from "./queries";
import { useWords } from "./words";

const FIRST = 4;

/** What friends thought, the newest first. */
export function FriendsThoughts({ gameId }: { gameId: string }) {
  const t = useWords();
  const thoughts = useInfiniteQuery(gameThoughtsQuery(gameId));
  const friends = useQuery(friendsQuery);
  return (
    <section id="friends">
      <div className="sec-h">
        <h2>{t.friendsThought}</h2>
        <Link className="sm" to="/journal/games/$gameId" params={{ gameId }} search={{ tab: "thoughts" }}>
          {t.allThoughts}
        </Link>
      </div>
      <Answer query={thoughts}>
        {({ pages }) => {
          const theirs = pages.flatMap(({ items }) => items).filter(({ author }) => author && friends.data?.has(author.username));
          return theirs.length === 0 ? (
            <p className="ink2">{t.noFriends}</p>
          ) : (
            <div>
              {theirs.slice(0, FIRST).map((thought) => (
                <ThoughtCard key={thought.id} thought={thought} />
              ))}
            </div>
          );
        }}
      </Answer>
    </section>
  );
}

/** One's own review, or the way to it. */
export function OwnReview({ gameId, entry }: { gameId: string; entry: Entry | null }) {
  const t = useWords();
  const me = useMe();
  const [isWriting, setWriting] = useState(false);
  const thoughts = useInfiniteQuery(gameThoughtsQuery(gameId));
  const isMine = ({ author, rating }: Thought) => rating !== undefined && author !== undefined && author.username === me.username;
  const review = thoughts.data?.pages.flatMap(({ items }) => items).find(isMine);
  if (!thoughts.data) return null;
  return (
    <section id="review">
      <div className="sec-h">
        <h2>{t.yourReview}</h2>
      </div>
      {review ? (
        <div>
          <ThoughtCard thought={review} />
        </div>
      ) : isWriting ? (
        <ThoughtForm gameId={gameId} isReview done={() => setWriting(false)} />
      ) : entry ? (
        <button className="btn" type="button" onClick={() => setWriting(true)}>
          {t.writeReview}
        </button>
      ) : (
        <p className="ink2">{t.reviewNeedsEntry}</p>
      )}
    </section>
  );
}

/** All thoughts that one sees, and the field for a new one. */
export function AllThoughts({ gameId }: { gameId: string }) {
  const t = useWords();
  const common = useCommon();
  const [isWriting, setWriting] = useState(false);
  const thoughts = useInfiniteQuery(gameThoughtsQuery(gameId));
  return (
    <section id="thoughts">
      <div className="sec-h">
        <h2>{t.tabs.thoughts}</h2>
        {!isWriting && (
          <button className="btn btn-sm" type="button" onClick={() => setWriting(true)}>
            {t.writeThought}
          </button>
        )}
      </div>
      {isWriting && <ThoughtForm gameId={gameId} isReview={false} done={() => setWriting(false)} />}
      <Answer query={thoughts}>
        {({ pages }) => {
          const items = pages.flatMap(({ items }) => items);
          if (items.length === 0) return isWriting ? null : <Empty title={t.noThoughts} text={t.noThoughtsText} />;
          return (
            <div>
              {items.map((thought) => (
                <ThoughtCard key={thought.id} thought={thought} />
              ))}
              {thoughts.hasNextPage && (
                <button className="btn btn-quiet btn-sm" type="button" onClick={() => void thoughts.fetchNextPage()}>
                  {common.more}
                </button>
              )}
            </div>
          );
        }}
      </Answer>
    </section>
  );
}
