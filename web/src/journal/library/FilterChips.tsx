import { useEffect, useState } from "react";

import type { Schema } from "../../api/client";
import { platformName, useGenreName } from "../../ui/games";
import { Icon } from "../../ui/Icon";
import { type Action, MenuButton } from "../../ui/overlays";
import { useLater } from "../../ui/useLater";
import { useCommon } from "../../ui/words";
import style from "./LibraryPage.module.css";
import { columns } from "./queries";
import type { Filters } from "./search";
import { useWords } from "./words";

/** As many platforms and genres have a chip of their own; the others are in a menu. */
const PLATFORMS = 3;
const GENRES = 3;

/** A change of the filters; `undefined` clears one. */
export type Change = { [K in keyof Filters]?: Filters[K] | undefined };

/** Filters as chips with their counts, and a field that finds names in the library. */
export function FilterChips({
  statistics,
  filters,
  hasColumns,
  change,
}: {
  statistics: Schema<"LibraryStatistics">;
  filters: Filters;
  /** Whether columns show the three great states already: then only the other two are filters. */
  hasColumns: boolean;
  change: (change: Change) => void;
}) {
  const t = useWords();
  const common = useCommon();
  const isAll = !filters.name && !filters.platform && !filters.genre && !filters.state;
  const states = statistics.states.filter(({ state, entries }) => entries > 0 && !(hasColumns && state in columns));
  return (
    <div className={style["filters"]} role="group" aria-label={t.filters}>
      <NameFilter name={filters.name ?? ""} find={(name) => change({ name: name || undefined })} />
      <button
        className="chip"
        type="button"
        aria-pressed={isAll}
        onClick={() => change({ name: undefined, platform: undefined, genre: undefined, state: undefined })}
      >
        {t.all} <span className="num">{statistics.entries}</span>
      </button>
      {states.map(({ state, entries }) => (
        <Chip
          key={state}
          label={t.inState(common.states[state], entries)}
          text={common.states[state]}
          count={entries}
          isOn={filters.state === state}
          turn={(on) => change({ state: on ? state : undefined })}
        />
      ))}
      <PlatformsAndGenres statistics={statistics} filters={filters} change={change} />
    </div>
  );
}

function PlatformsAndGenres({ statistics, filters, change }: Omit<Parameters<typeof FilterChips>[0], "hasColumns">) {
  const t = useWords();
  const genreName = useGenreName();
  // What is chosen has a chip, however rare it is.
  const isShown = (word: string | undefined, first: number) => (value: string, i: number) => i < first || value === word;
  const platforms = statistics.platforms.map(({ platform, playthroughs }) => ({ value: platform, text: platformName(platform), count: playthroughs }));
  const genres = statistics.genres.map(({ genre, entries }) => ({ value: genre, text: genreName(genre), count: entries }));
  const shownPlatforms = platforms.filter(({ value }, i) => isShown(filters.platform, PLATFORMS)(value, i));
  const shownGenres = genres.filter(({ value }, i) => isShown(filters.genre, GENRES)(value, i));
  const rest: (Action | null)[] = [
    ...platforms
      .filter((one) => !shownPlatforms.includes(one))
      .map(({ value, text, count }) => ({ id: `p ${value}`, text: t.onPlatform(text, count), act: () => change({ platform: value }) })),
    null,
    ...genres
      .filter((one) => !shownGenres.includes(one))
      .map(({ value, text, count }) => ({ id: `g ${value}`, text: t.ofGenre(text, count), act: () => change({ genre: value }) })),
  ];
  return (
    <>
      {shownPlatforms.map(({ value, text, count }) => (
        <Chip
          key={`p ${value}`}
          label={t.onPlatform(text, count)}
          text={text}
          count={count}
          isOn={filters.platform === value}
          turn={(on) => change({ platform: on ? value : undefined })}
        />
      ))}
      {shownGenres.map(({ value, text, count }) => (
        <Chip
          key={`g ${value}`}
          label={t.ofGenre(text, count)}
          text={text}
          count={count}
          isOn={filters.genre === value}
          turn={(on) => change({ genre: on ? value : undefined })}
        />
      ))}
      {rest.length > 1 && (
        <MenuButton label={t.moreFilters} actions={rest.filter((one, i) => one !== null || (i > 0 && i < rest.length - 1))} className="chip">
          {t.moreFilters}
          <Icon name="down" />
        </MenuButton>
      )}
    </>
  );
}

function Chip({ label, text, count, isOn, turn }: { label: string; text: string; count: number; isOn: boolean; turn: (on: boolean) => void }) {
  return (
    <button className="chip" type="button" aria-pressed={isOn} aria-label={label} onClick={() => turn(!isOn)}>
      {text} <span className="num">{count}</span>
    </button>
  );
}

function NameFilter({ name, find }: { name: string; find: (name: string) => void }) {
  const t = useWords();
  const [text, setText] = useState(name);
  const later = useLater(text.trim(), 200);
  useEffect(() => {
    if (later !== name) find(later);
    // Only what is typed starts a search; the address that follows it must not start another.
  }, [later]);
  useEffect(() => {
    if (name === "") setText("");
  }, [name]);
  return (
    <div className={`search ${style["name"]}`}>
      <Icon name="search" />
      <input className="in" type="search" aria-label={t.findHere} placeholder={t.findHere} maxLength={100} value={text} onChange={(e) => setText(e.target.value)} />
    </div>
  );
}
