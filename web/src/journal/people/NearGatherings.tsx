import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Failed, Loading } from "../../ui/parts";
import { GatheringRow } from "../gatherings/GatheringRow";
import { nearQuery } from "../gatherings/queries";
import styles from "./PeoplePage.module.css";
import { useWords } from "./words";

const SHOWN = 4;

/** The next open gatherings around one's own area. */
export function NearGatherings() {
  const t = useWords();
  const near = useInfiniteQuery(nearQuery("under_100_km"));
  const items = near.data?.pages.flatMap((page) => page?.items ?? []).slice(0, SHOWN);
  return (
    <section className={`card ${styles["box"]}`} aria-labelledby="near-gatherings">
      <div className="sec-h">
        <h2 id="near-gatherings">{t.gatherings}</h2>
        <Link className="sm" to="/journal/gatherings/new">
          {t.host}
        </Link>
      </div>
      {near.error ? (
        <Failed error={near.error} retry={near.refetch} />
      ) : !items ? (
        <Loading />
      ) : items.length === 0 ? (
        <p className="sm ink3">{t.noGatherings}</p>
      ) : (
        <ul>
          {items.map((challenge) => (
            <GatheringRow key={challenge.id} challenge={challenge} />
          ))}
        </ul>
      )}
    </section>
  );
}
