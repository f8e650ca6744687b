import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import type { Schema } from "../../api/client";
import { type State, StateSign } from "../../ui/Cairn";
import { Answer } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { openLog } from "../log/open";
import { states } from "../log/StatePicker";
import { Card, DRAGGED } from "./Card";
import style from "./LibraryPage.module.css";
import { type ColumnName, columns, type Entry, listQuery, type Move, useMove } from "./queries";
import type { Filters } from "./search";
import { type ActionsOf, useActionsOf } from "./useEntryActions";
import type { Selection } from "./useSelection";
import { inParts, WindowPart } from "./Window";
import { useWords } from "./words";

const PAGE = 20;
const PART = 5;
const CARD_HEIGHT = 83;

const names = Object.keys(columns) as ColumnName[];

/** The library in three columns. Games are dragged between them; keys and menus do the same. */
export function Board({ filters, counts, selection }: { filters: Filters; counts: Schema<"LibraryStateCount">[]; selection: Selection }) {
  const common = useCommon();
  const [shown, setShown] = useState<ColumnName>("ongoing");
  const board = useRef<HTMLDivElement>(null);
  const known = useRef(new Map<string, Entry>());
  const move = useMove();
  const actionsOf = useActionsOf();
  return (
    <div data-shown={shown} className={style["board-place"]}>
      <div className={style["switch"]} role="radiogroup" aria-label={common.states.ongoing}>
        {names.map((name) => (
          <label key={name}>
            <input className="vh" type="radio" name="column" checked={shown === name} onChange={() => setShown(name)} />
            <StateSign state={name} />
            {common.states[name]}
          </label>
        ))}
      </div>
      <div ref={board} className={style["board"]} onKeyDown={(event) => onKey(event, known.current, move)}>
        {names.map((name) => (
          <Column key={name} name={name} filters={filters} counts={counts} selection={selection} known={known.current} move={move} actionsOf={actionsOf} />
        ))}
      </div>
    </div>
  );
}

interface ColumnProps {
  name: ColumnName;
  filters: Filters;
  counts: Schema<"LibraryStateCount">[];
  selection: Selection;
  known: Map<string, Entry>;
  move: Move;
  actionsOf: ActionsOf;
}

function Column({ name, filters, counts, selection, known, move, actionsOf }: ColumnProps) {
  const common = useCommon();
  const [isOver, setOver] = useState(false);
  const { state: only, ...rest } = filters;
  const shownStates = columns[name].filter((state) => only === undefined || state === only);
  const isFiltered = Boolean(rest.name || rest.platform || rest.genre);
  const count = isFiltered ? undefined : sum(counts, shownStates);
  const heading = `column-${name}`;
  return (
    <section
      className={`${style["col"]} ${style[name]}${isOver ? ` ${style["is-over"]}` : ""}`}
      aria-labelledby={heading}
      data-column={name}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => event.currentTarget.contains(event.relatedTarget as Node) || setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const entry = known.get(event.dataTransfer.getData(DRAGGED));
        if (entry && !(columns[name] as readonly State[]).includes(entry.state)) move(entry, name);
      }}
    >
      <div className={style["col-h"]}>
        <StateSign state={name} />
        <h2 id={heading}>{common.states[name]}</h2>
        {count !== undefined && <span className="count">{count}</span>}
      </div>
      {shownStates.length > 0 && (
        <Cards name={name} states={shownStates} filters={rest} count={count} selection={selection} known={known} actionsOf={actionsOf} />
      )}
    </section>
  );
}

interface CardsProps {
  name: ColumnName;
  states: readonly State[];
  filters: Filters;
  count: number | undefined;
  selection: Selection;
  known: Map<string, Entry>;
  actionsOf: ActionsOf;
}

function Cards({ name, states, filters, count, selection, known, actionsOf }: CardsProps) {
  const t = useWords();
  const common = useCommon();
  const list = useInfiniteQuery(listQuery(states, filters, PAGE));
  return (
    <Answer query={list} lines={6}>
      {({ pages }) => {
        const entries = pages.flatMap(({ items }) => items);
        for (const entry of entries) known.set(entry.game.id, entry);
        if (entries.length === 0) {
          return (
            <div className={style["empty-col"]}>
              <p className="sm ink2">{count === 0 ? t.emptyColumns[name] : t.none}</p>
              {count === 0 && (
                <button className="btn btn-sm" type="button" onClick={() => openLog()}>
                  {t.add}
                </button>
              )}
            </div>
          );
        }
        const left = count === undefined ? undefined : count - entries.length;
        return (
          <>
            {inParts(entries, PART).map((part, i) => (
              <WindowPart key={i} tag="ul" isShownFirst={i < 3} estimate={CARD_HEIGHT * part.length}>
                {part.map((entry) => (
                  <Card
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
            {list.hasNextPage && (
              <button
                className={`btn btn-quiet btn-sm ${style["show-more"]}${list.isFetchingNextPage ? " is-busy" : ""}`}
                type="button"
                onClick={() => void list.fetchNextPage()}
              >
                {left !== undefined && left > 0 ? common.moreOf(Math.min(left, PAGE)) : common.more}
                {left !== undefined && left > PAGE && <span className="ink3">/ {left}</span>}
              </button>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function sum(counts: Schema<"LibraryStateCount">[], states: readonly State[]): number {
  return counts.reduce((all, { state, entries }) => all + (states.includes(state) ? entries : 0), 0);
}

/** `1` to `5` move the game that has the focus, arrows go from game to game, `L` logs it. */
function onKey(event: React.KeyboardEvent, known: Map<string, Entry>, move: Move) {
  const link = event.target;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const card = link.closest<HTMLElement>("[data-game]");
  const entry = known.get(card?.dataset["game"] ?? "");
  if (!card || !entry) return;
  const state = states[Number(event.key) - 1];
  if (state) {
    (neighbour(card, "ArrowDown") ?? neighbour(card, "ArrowUp"))?.focus();
    move(entry, state);
  } else if (event.key.toLowerCase() === "l") openLog(entry.game);
  else if (event.key.startsWith("Arrow")) neighbour(card, event.key)?.focus();
  else return;
  event.preventDefault();
}

function neighbour(card: HTMLElement, key: string): HTMLAnchorElement | undefined {
  const column = card.closest<HTMLElement>("[data-column]");
  const cards = (of: Element | null | undefined) => [...(of?.querySelectorAll<HTMLElement>("[data-game]") ?? [])];
  const here = cards(column).indexOf(card);
  const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  const aside = key === "ArrowRight" ? column?.nextElementSibling : key === "ArrowLeft" ? column?.previousElementSibling : undefined;
  const to = aside ? cards(aside)[Math.min(here, cards(aside).length - 1)] : step === 0 ? undefined : cards(column)[here + step];
  return to?.querySelector("a") ?? undefined;
}
