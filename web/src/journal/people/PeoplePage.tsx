import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { useMe } from "../../account/me";
import { placeQuery } from "../../account/settings/PlacePart";
import { useWords as useAccountWords } from "../../account/settings/words";
import { Icon } from "../../ui/Icon";
import { useTitle } from "../../ui/useTitle";
import { Found } from "./Found";
import { Known } from "./Known";
import { NearGatherings } from "./NearGatherings";
import styles from "./PeoplePage.module.css";
import { lists } from "./search";
import { useWords } from "./words";

/** People: who is near and alike, and whom one knows already. */
export function PeoplePage() {
  const t = useWords();
  const search = useSearch({ from: "/signed-in/journal-frame/journal/people" });
  const list = search.list ?? "found";
  useTitle(list === "found" ? t.title : `${t.lists[list]}, ${t.title}`);
  return (
    <>
      <div className="h-row">
        <h1>{t.lists[list]}</h1>
        <HowFound />
      </div>
      <nav className={`tabs ${styles["tabs"]}`} aria-label={t.title}>
        {lists.map((name) => (
          <Link
            key={name}
            className="tab"
            to="/journal/people"
            search={name === "found" ? {} : { list: name }}
            activeOptions={{ exact: true }}
            aria-current={name === list ? "page" : undefined}
          >
            {t.lists[name]}
          </Link>
        ))}
      </nav>
      {list === "found" ? (
        <div className={styles["page"]}>
          <Found search={search} />
          <NearGatherings />
        </div>
      ) : (
        <div className={styles["single"]}>
          <Known list={list} />
        </div>
      )}
    </>
  );
}

/** How one is found oneself, with the way to change it. */
function HowFound() {
  const t = useWords();
  const account = useAccountWords();
  const { found_by, audience } = useMe();
  const { data: place } = useQuery(placeQuery);
  const isFound = audience !== "private" && (found_by.name || found_by.statistics || (found_by.place && place));
  const text = found_by.place && place && isFound ? t.youAreFound(account.areas[place.area]) : isFound ? t.youAreFoundByName : t.youAreHidden;
  return (
    <span className="end row wrap">
      <span className={`tag${isFound ? " tag-ok" : ""}`}>
        <Icon name={isFound ? "eye" : "hide"} />
        {text}
      </span>
      <Link className="sm" to="/account" search={{ section: "privacy" }}>
        {t.change}
      </Link>
    </span>
  );
}
