import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import type { Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { turnKeys, useKeysOn } from "../../ui/keys";
import { MenuButton } from "../../ui/overlays";
import { Answer, Empty } from "../../ui/parts";
import { useTitle } from "../../ui/useTitle";
import { openLog, useOpenLog } from "../log/open";
import { Board } from "./Board";
import { BulkBar } from "./BulkBar";
import { type Change, FilterChips } from "./FilterChips";
import style from "./LibraryPage.module.css";
import { ListView } from "./ListView";
import { statisticsQuery } from "./queries";
import { type LibrarySearch, readSearch, type Sort } from "./search";
import { type Selection, useSelection } from "./useSelection";
import { useWords } from "./words";

/** The library: all that somebody plays, has played and wants to play, on a board or as a list. */
export function LibraryPage() {
  const t = useWords();
  useTitle(t.title);
  const search = readSearch(useSearch({ strict: false }));
  const statistics = useQuery(statisticsQuery);
  const selection = useSelection();
  const hasLog = useOpenLog() !== undefined;
  const change = useChange(search);
  return (
    <div className={hasLog ? style["beside-log"] : undefined}>
      <Head search={search} change={change} selection={selection} statistics={statistics.data} />
      <Answer query={statistics} lines={8}>
        {(all) =>
          all.entries === 0 ? (
            <Empty title={t.empty} text={t.emptyText}>
              <div className="row wrap">
                <button className="btn" type="button" onClick={() => openLog()}>
                  {t.add}
                </button>
                <Link className="btn" to="/journal/import">
                  {t.import}
                </Link>
              </div>
            </Empty>
          ) : (
            <>
              <FilterChips statistics={all} filters={search} hasColumns={search.view !== "list"} change={change} />
              <Games search={search} all={all} selection={selection} />
            </>
          )
        }
      </Answer>
      {selection.isOn && <BulkBar selection={selection} />}
    </div>
  );
}

function Games({ search, all, selection }: { search: LibrarySearch; all: Schema<"LibraryStatistics">; selection: Selection }) {
  const t = useWords();
  const { view, ...filters } = search;
  if (view === "list") {
    const isNarrow = filters.name || filters.platform || filters.genre;
    const inState = all.states.find(({ state }) => state === filters.state)?.entries;
    return <ListView filters={filters} count={isNarrow ? undefined : (inState ?? all.entries)} selection={selection} />;
  }
  return (
    <>
      <Board filters={filters} counts={all.states} selection={selection} />
      <p className={`hint ${style["keys"]}`}>{t.keysHint}</p>
    </>
  );
}

interface HeadProps {
  search: LibrarySearch;
  change: (change: Change & { view?: "list" | undefined }) => void;
  selection: Selection;
  statistics: Schema<"LibraryStatistics"> | undefined;
}

function Head({ search, change, selection, statistics }: HeadProps) {
  const t = useWords();
  const isList = search.view === "list";
  const hasLog = useOpenLog() !== undefined;
  return (
    <div className={`h-row ${style["head"]}`}>
      <h1>{t.title}</h1>
      {statistics && statistics.entries > 0 && <span className="cap">{t.sum(statistics.entries, Math.round(statistics.minutes / 60))}</span>}
      <span className="row end wrap">
        <span className="group" role="group" aria-label={t.view}>
          <button className="btn btn-sm" type="button" aria-pressed={!isList} onClick={() => change({ view: undefined })}>
            <Icon name="grid" />
            {t.board}
          </button>
          <button className="btn btn-sm" type="button" aria-pressed={isList} onClick={() => change({ view: "list" })}>
            <Icon name="list" />
            {t.list}
          </button>
        </span>
        <SortMenu search={search} change={change} />
        <Options selection={selection} />
        <button className={`btn btn-sm${hasLog ? "" : " btn-lit"}`} type="button" onClick={() => openLog()}>
          <Icon name="plus" />
          {t.add}
        </button>
      </span>
    </div>
  );
}

function SortMenu({ search, change }: Pick<HeadProps, "search" | "change">) {
  const t = useWords();
  const { sort = "changed", reversed } = search;
  return (
    <MenuButton
      label={t.sort(t.sorts[sort])}
      className="btn btn-sm"
      actions={[
        ...(Object.keys(t.sorts) as Sort[]).map((one) => ({
          id: one,
          text: t.sorts[one],
          ...(one === sort ? { icon: "check" as const } : { icon: <span className="i" /> }),
          act: () => change({ sort: one === "changed" ? undefined : one }),
        })),
        null,
        {
          id: "reverse",
          text: t.reverse,
          ...(reversed ? { icon: "check" as const } : { icon: <span className="i" /> }),
          act: () => change({ reversed: reversed ? undefined : true }),
        },
      ]}
    >
      <Icon name="filter" />
      <span className={style["wide"]}>{t.sorts[sort]}</span>
    </MenuButton>
  );
}

function Options({ selection }: { selection: Selection }) {
  const t = useWords();
  const navigate = useNavigate();
  const keysOn = useKeysOn();
  const get = (format: "json" | "csv") => location.assign(`/api/library/export?format=${format}`);
  return (
    <MenuButton
      label={t.options}
      className="btn btn-icon btn-sm"
      actions={[
        { id: "select", text: t.select, icon: "tick", act: () => selection.turn(!selection.isOn) },
        { id: "import", text: t.import, icon: "layers", act: () => navigate({ to: "/journal/import" }) },
        { id: "json", text: t.export, icon: "get", act: () => get("json") },
        { id: "csv", text: t.exportCsv, icon: "get", act: () => get("csv") },
        null,
        { id: "keys", text: keysOn ? t.turnKeysOff : t.turnKeysOn, icon: "key", act: () => turnKeys(!keysOn) },
      ]}
    />
  );
}

/** Changes the address, and with it what is shown; going back undoes it. */
function useChange(search: LibrarySearch): HeadProps["change"] {
  const navigate = useNavigate();
  return (change) => {
    const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined));
    void navigate({ to: "/journal/library", search: next, replace: "name" in change, resetScroll: false });
  };
}
