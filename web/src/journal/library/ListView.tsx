import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo } from "react";

import { type State, StateSign } from "../../ui/Cairn";
import { platformName } from "../../ui/games";
import { MenuButton } from "../../ui/overlays";
import { Answer, Empty } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { states } from "../log/StatePicker";
import { platformsOf } from "./Card";
import style from "./LibraryPage.module.css";
import { type Entry, listQuery } from "./queries";
import type { Filters } from "./search";
import { type ActionsOf, useActionsOf } from "./useEntryActions";
import type { Selection } from "./useSelection";
import { inParts, WindowPart } from "./Window";
import { useWords } from "./words";

const PAGE = 50;
const PART = 10;
const ROW_HEIGHT = 41;

/** The library as a table. */
export function ListView({ filters, count, selection }: { filters: Filters; count: number | undefined; selection: Selection }) {
  const t = useWords();
  const common = useCommon();
  const { state, ...rest } = filters;
  const shown: readonly State[] = state ? [state] : states;
  const list = useInfiniteQuery(listQuery(shown, rest, PAGE));
  const actionsOf = useActionsOf();
  return (
    <Answer query={list} lines={10}>
      {({ pages }) => {
        const entries = pages.flatMap(({ items }) => items);
        if (entries.length === 0) return <Empty title={t.none} text={t.noneText} />;
        const left = count === undefined ? undefined : count - entries.length;
        return (
          <>
            <div className="scroll" tabIndex={0} role="region" aria-label={t.list}>
              <table className={style["table"]}>
                <Head entries={entries} selection={selection} />
                {inParts(entries, PART).map((part, i) => (
                  <WindowPart key={i} tag="tbody" isShownFirst={i < 3} estimate={ROW_HEIGHT * part.length}>
                    {part.map((entry) => (
                      <Row
                        key={entry.game.id}
                        entry={entry}
                        actionsOf={actionsOf}
                        isSelecting={selection.isOn}
                        isSelected={selection.has(entry.game.id)}
                        toggle={selection.toggle}
                      />
                    ))}
                  </WindowPart>
                ))}
              </table>
            </div>
            {list.hasNextPage && (
              <button
                className={`btn btn-quiet btn-sm ${style["show-more"]}${list.isFetchingNextPage ? " is-busy" : ""}`}
                type="button"
                onClick={() => void list.fetchNextPage()}
              >
                {left !== undefined && left > 0 ? common.moreOf(Math.min(left, PAGE)) : common.more}
              </button>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function Head({ entries, selection }: { entries: Entry[]; selection: Selection }) {
  const t = useWords();
  const ids = entries.map(({ game }) => game.id);
  return (
    <thead>
      <tr>
        {selection.isOn && (
          <th scope="col">
            <label className="check">
              <input
                type="checkbox"
                aria-label={t.selectAll}
                checked={ids.every(selection.has)}
                onChange={(event) => selection.choose(event.target.checked ? ids : [])}
              />
            </label>
          </th>
        )}
        <th scope="col">{t.columns.name}</th>
        <th scope="col">{t.columns.state}</th>
        <th scope="col">{t.columns.platform}</th>
        <th scope="col" className="n">
          {t.columns.minutes}
        </th>
        <th scope="col" className="n">
          {t.columns.score}
        </th>
        <th scope="col" className="n">
          {t.columns.changed}
        </th>
        <td />
      </tr>
    </thead>
  );
}

interface RowProps {
  entry: Entry;
  actionsOf: ActionsOf;
  isSelecting: boolean;
  isSelected: boolean;
  toggle: (id: string) => void;
}

const Row = memo(function Row({ entry, actionsOf, isSelecting, isSelected, toggle }: RowProps) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const { game, state, minutes, score } = entry;
  return (
    <tr aria-selected={isSelecting ? isSelected : undefined}>
      {isSelecting && (
        <td>
          <label className="check">
            <input type="checkbox" aria-label={t.selectGame(game.name)} checked={isSelected} onChange={() => toggle(game.id)} />
          </label>
        </td>
      )}
      <th scope="row">
        <Link to="/journal/games/$gameId" params={{ gameId: game.id }} preload={false}>
          {game.name}
        </Link>
      </th>
      <td>
        <span className="row">
          <StateSign state={state} />
          {common.stateNames[state]}
        </span>
      </td>
      <td>{platformsOf(entry).slice(0, 2).map(platformName).join(", ")}</td>
      <td className="n">{minutes > 0 ? speech.minutes(minutes) : ""}</td>
      <td className="n">{score ?? ""}</td>
      <td className="n">{speech.ago(entry.changed_at)}</td>
      <td className="n">
        <MenuButton label={common.optionsFor(game.name)} actions={() => actionsOf(entry)} />
      </td>
    </tr>
  );
});
