import { useQuery } from "@tanstack/react-query";

import { Icon } from "../../ui/Icon";
import { type Card, followedQuery, nameOf, useFollow } from "./queries";
import { useWords } from "./words";

/** Follows a person, or stops it. */
export function FollowButton({ person, small = true, lit = false }: { person: Card; small?: boolean; lit?: boolean }) {
  const t = useWords();
  const { data: followed } = useQuery(followedQuery);
  const following = useFollow();
  const isFollowed = followed?.has(person.username) ?? false;
  return (
    <button
      className={`btn${small ? " btn-sm" : ""}${lit && !isFollowed ? " btn-lit" : ""}`}
      type="button"
      aria-pressed={isFollowed}
      disabled={followed === undefined}
      onClick={() => following.mutate({ person, on: !isFollowed })}
    >
      {isFollowed && <Icon name="check" />}
      {isFollowed ? t.followed : t.follow}
      <span className="vh"> {nameOf(person)}</span>
    </button>
  );
}
