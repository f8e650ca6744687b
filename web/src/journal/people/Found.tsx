import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { placeQuery } from "../../account/settings/PlacePart";
import type { Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { Empty, Failed, Loading } from "../../ui/parts";
import { bands, Rings } from "../../ui/Rings";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { Filters } from "./Filters";
import { FollowButton } from "./FollowButton";
import styles from "./PeoplePage.module.css";
import { foundQuery, nameOf } from "./queries";
import type { PeopleSearch } from "./search";
import { useWords } from "./words";

type Person = Schema<"FoundPerson">;

/** The people of a search in bands, the nearest first. Without a search: all whom one's own area allows, else who plays alike. */
export function Found({ search }: { search: PeopleSearch }) {
  const t = useWords();
  const common = useCommon();
  const place = useQuery(placeQuery);
  const hasPlace = place.data !== null && place.data !== undefined;
  const asked = { ...search, ...(search.within ? {} : hasPlace && !search.name ? { within: "farther" as const } : {}) };
  const found = useInfiniteQuery({ ...foundQuery(asked), enabled: !place.isPending });
  const people = found.data?.pages.flatMap(({ items }) => items);
  const needsPlace = found.error && asProblem(found.error).code === "place_needed";
  return (
    <div>
      <Filters search={search} hasPlace={hasPlace} />
      {place.data === null && <NoPlace />}
      {needsPlace ? null : found.error && !people ? (
        <Failed error={found.error} retry={found.refetch} />
      ) : !people ? (
        <Loading lines={6} />
      ) : people.length === 0 ? (
        <Empty title={t.nobody} text={t.nobodyText} />
      ) : (
        <>
          <p className="vh" role="status">
            {t.found(found.hasNextPage ? t.peopleOrMore(people.length) : t.people(people.length))}
          </p>
          {bands.map((band) => (
            <Band key={band} band={band} people={people.filter((person) => person.band === band)} />
          ))}
          <Band band={undefined} people={people.filter((person) => person.band === undefined)} />
        </>
      )}
      {found.hasNextPage && (
        <button className="btn" type="button" onClick={() => void found.fetchNextPage()}>
          {common.more}
        </button>
      )}
      <p className="note">
        <Icon name="lock" />
        <span>
          {t.placesKept}{" "}
          <Link to="/account" search={{ section: "privacy" }}>
            {t.howKept}
          </Link>
        </span>
      </p>
    </div>
  );
}

function NoPlace() {
  const t = useWords();
  return (
    <div className={`note note-lit ${styles["band"]}`}>
      <Icon name="pin" />
      <span>
        <b>{t.noPlace}.</b> {t.noPlaceText}
      </span>
      <Link className="btn btn-sm" to="/account" search={{ section: "privacy" }}>
        {t.setPlace}
      </Link>
    </div>
  );
}

function Band({ band, people }: { band: Schema<"Band"> | undefined; people: Person[] }) {
  const t = useWords();
  if (people.length === 0) return null;
  const name = band ? t.bands[band] : t.alike;
  return (
    <section className={styles["band"]} aria-label={name}>
      <div className={styles["bandhead"]}>
        {band && <Rings band={band} />}
        <h2>{name}</h2>
        <span className="ink3 sm">{t.people(people.length)}</span>
      </div>
      <ul>
        {people.map((person) => (
          <Row key={person.username} person={person} />
        ))}
      </ul>
    </section>
  );
}

function Row({ person }: { person: Person }) {
  const t = useWords();
  const s = useSpeech();
  const { username, display_name, shared_games } = person;
  return (
    <li className={styles["person"]}>
      <Avatar name={nameOf(person)} />
      <div>
        <Link className={styles["name"]} to="/journal/people/$username" params={{ username }}>
          {nameOf(person)}
        </Link>
        <p className="sm ink3">
          {display_name && username}
          <span className={styles["inline"]}>
            {display_name && " · "}
            {t.sharedGames(shared_games)}
          </span>
        </p>
      </div>
      <div className={styles["figure"]}>
        <b className="num b">{s.number(shared_games)}</b>
        <span className="xs ink3">{t.shared}</span>
      </div>
      <FollowButton person={person} />
    </li>
  );
}
