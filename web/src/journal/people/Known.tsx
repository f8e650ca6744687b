import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Avatar } from "../../ui/Avatar";
import { Empty, Failed, Loading } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { FollowButton } from "./FollowButton";
import styles from "./PeoplePage.module.css";
import { knownQuery, nameOf, useBlock } from "./queries";
import type { List } from "./search";
import { useWords } from "./words";

/** A list of people whom one knows: followed, followers, friends, blocked. */
export function Known({ list }: { list: Exclude<List, "found"> }) {
  const t = useWords();
  const s = useSpeech();
  const common = useCommon();
  const known = useInfiniteQuery(knownQuery(list));
  const blocking = useBlock();
  if (known.error && !known.data) return <Failed error={known.error} retry={known.refetch} />;
  if (!known.data) return <Loading lines={5} />;
  const people = known.data.pages.flatMap(({ items }) => items);
  if (people.length === 0) {
    const [title, text] = t.emptyLists[list] ?? [t.nobody, ""];
    return (
      <Empty title={title} text={text}>
        {list !== "blocks" && (
          <Link className="btn" to="/journal/people">
            {t.lists.found}
          </Link>
        )}
      </Empty>
    );
  }
  return (
    <>
      <ul>
        {people.map((person) => (
          <li key={person.username} className={`${styles["person"]} ${styles["known"]}`}>
            <Avatar name={nameOf(person)} />
            <div>
              {list === "blocks" ? (
                <b>{nameOf(person)}</b>
              ) : (
                <Link className={styles["name"]} to="/journal/people/$username" params={{ username: person.username }}>
                  {nameOf(person)}
                </Link>
              )}
              <p className="sm ink3">
                {person.display_name && `${person.username} · `}
                {person.friends && list !== "friends" ? t.friend : t.since(s.date(person.since))}
              </p>
            </div>
            {list === "blocks" ? (
              <button className="btn btn-sm" type="button" onClick={() => blocking.mutate({ person, on: false })}>
                {t.unblock}
                <span className="vh"> {nameOf(person)}</span>
              </button>
            ) : (
              <FollowButton person={person} />
            )}
          </li>
        ))}
      </ul>
      {known.hasNextPage && (
        <button className="btn" type="button" onClick={() => void known.fetchNextPage()}>
          {common.more}
        </button>
      )}
    </>
  );
}
