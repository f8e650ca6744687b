import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { Icon } from "../../ui/Icon";
import { Answer, Empty, Failed, Loading } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { useCommon } from "../../ui/words";
import { Calendar } from "./Calendar";
import { GatheringRow, isOver } from "./GatheringRow";
import styles from "./Gatherings.module.css";
import { type Challenge, mineQuery, nearQuery } from "./queries";
import { type GatheringsSearch, withins } from "./search";
import { useWords } from "./words";

/** Gatherings and games online: one's own and, around one's area, the open ones; as a list or as a calendar. */
export function GatheringsPage() {
  const t = useWords();
  const search = useSearch({ from: "/signed-in/journal-frame/journal/gatherings" });
  const { show, view } = search;
  useTitle(t.title);
  return (
    <>
      <div className="h-row">
        <h1>{t.title}</h1>
        <Link className="btn btn-lit end" to="/journal/gatherings/new">
          <Icon name="plus" />
          {t.host}
        </Link>
      </div>
      <div className={styles["bar"]}>
        <nav className="tabs" aria-label={t.title}>
          {([undefined, "near"] as const).map((name) => (
            <Link
              key={name ?? "mine"}
              className="tab"
              to="/journal/gatherings"
              search={{ ...(name ? { show: name } : {}), ...(view ? { view } : {}) }}
              activeOptions={{ exact: true }}
              aria-current={name === show ? "page" : undefined}
            >
              {name ? t.near : t.mine}
            </Link>
          ))}
        </nav>
        {show === "near" && <WithinChoice search={search} />}
        <div className="group" role="group" aria-label={t.title}>
          <ViewButton search={search} view={undefined} icon="list" text={t.asList} />
          <ViewButton search={search} view="calendar" icon="cal" text={t.asCalendar} />
        </div>
      </div>
      {show === "near" ? <Near search={search} /> : <Mine isCalendar={view === "calendar"} />}
    </>
  );
}

function ViewButton({ search, view, icon, text }: { search: GatheringsSearch; view: "calendar" | undefined; icon: "list" | "cal"; text: string }) {
  const navigate = useNavigate();
  const { view: current, ...rest } = search;
  return (
    <button
      className="btn btn-sm"
      type="button"
      aria-pressed={current === view}
      onClick={() => void navigate({ to: "/journal/gatherings", search: { ...rest, ...(view ? { view } : {}) }, replace: true })}
    >
      <Icon name={icon} />
      {text}
    </button>
  );
}

function WithinChoice({ search }: { search: GatheringsSearch }) {
  const t = useWords();
  const navigate = useNavigate();
  return (
    <label>
      {t.within}
      <select
        className="in"
        value={search.within ?? "under_100_km"}
        onChange={(event) => {
          const within = withins.find((within) => within === event.target.value);
          void navigate({ to: "/journal/gatherings", search: { ...search, ...(within ? { within } : {}) }, replace: true });
        }}
      >
        {withins.map((within) => (
          <option key={within} value={within}>
            {t.bands[within]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Mine({ isCalendar }: { isCalendar: boolean }) {
  const t = useWords();
  const mine = useQuery(mineQuery);
  return (
    <Answer query={mine} lines={8}>
      {(items) =>
        isCalendar ? (
          <Calendar challenges={items} />
        ) : items.length === 0 ? (
          <Empty title={t.none} text={t.noneText}>
            <Link className="btn" to="/journal/gatherings/new">
              {t.host}
            </Link>
          </Empty>
        ) : (
          <List items={items} />
        )
      }
    </Answer>
  );
}

function List({ items }: { items: Challenge[] }) {
  const t = useWords();
  const [ahead, over] = [items.filter((item) => !isOver(item)), items.filter(isOver)];
  return (
    <div className="stack-5">
      {ahead.length > 0 && (
        <ul>
          {ahead.map((challenge) => (
            <GatheringRow key={challenge.id} challenge={challenge} />
          ))}
        </ul>
      )}
      {over.length > 0 && (
        <section aria-labelledby="over">
          <h2 id="over">{t.past}</h2>
          <ul>
            {over.map((challenge) => (
              <GatheringRow key={challenge.id} challenge={challenge} isShort />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Near({ search: { within = "under_100_km", view } }: { search: GatheringsSearch }) {
  const t = useWords();
  const common = useCommon();
  const near = useInfiniteQuery(nearQuery(within));
  if (near.error && !near.data) return <Failed error={near.error} retry={near.refetch} />;
  if (!near.data) return <Loading lines={8} />;
  if (near.data.pages.includes(null)) {
    return (
      <Empty title={t.placeNeeded} text={t.placeNeededText}>
        <Link className="btn" to="/account" search={{ section: "privacy" }}>
          {t.setPlace}
        </Link>
      </Empty>
    );
  }
  const items = near.data.pages.flatMap((page) => page?.items ?? []);
  if (view === "calendar") return <Calendar challenges={items} />;
  if (items.length === 0) return <Empty title={t.noneNear} text={t.noneNearText} />;
  return (
    <>
      <List items={items} />
      {near.hasNextPage && (
        <button className="btn" type="button" onClick={() => void near.fetchNextPage()}>
          {common.more}
        </button>
      )}
    </>
  );
}
