import { Link } from "@tanstack/react-router";
import { memo } from "react";

import { Rating, StateSign } from "../../ui/Cairn";
import { Cover } from "../../ui/Cover";
import { platformName } from "../../ui/games";
import { MenuButton } from "../../ui/overlays";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import style from "./LibraryPage.module.css";
import type { Entry } from "./queries";
import type { ActionsOf } from "./useEntryActions";
import { useWords } from "./words";

interface CardProps {
  entry: Entry;
  actionsOf: ActionsOf;
  isSelecting: boolean;
  isSelected: boolean;
  toggle: (id: string) => void;
}

/** A game on the board: one link, with its menu and, while games are selected, its check box above. */
export const Card = memo(function Card({ entry, actionsOf, isSelecting, isSelected, toggle }: CardProps) {
  const t = useWords();
  const common = useCommon();
  const { game } = entry;
  return (
    <li
      className={`${style["card"]}${isSelected ? ` ${style["is-sel"]}` : ""}`}
      data-game={game.id}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData("text/plain", game.name);
        event.dataTransfer.setData(DRAGGED, game.id);
        event.dataTransfer.effectAllowed = "move";
      }}
    >
      <Cover name={game.name} />
      <div>
        <h3>
          <Link to="/journal/games/$gameId" params={{ gameId: game.id }} draggable={false} preload={false}>
            {game.name}
          </Link>
        </h3>
        <Meta entry={entry} />
      </div>
      {isSelecting ? (
        <label className={`check ${style["pick"]}`}>
          <input type="checkbox" checked={isSelected} onChange={() => toggle(game.id)} aria-label={t.selectGame(game.name)} />
        </label>
      ) : (
        <MenuButton label={common.optionsFor(game.name)} actions={() => actionsOf(entry)} className={`btn btn-quiet btn-icon btn-sm ${style["more"]}`} />
      )}
    </li>
  );
});

/** What is dragged from one column to another. */
export const DRAGGED = "application/x-cairn-game";

function Meta({ entry }: { entry: Entry }) {
  const common = useCommon();
  const speech = useSpeech();
  const { state, minutes, score } = entry;
  const when = useWhen(entry);
  return (
    <p className={style["meta"]}>
      <span>{platformsOf(entry).slice(0, 3).map(platformName).join(", ")}</span>
      {minutes > 0 && <span>{speech.minutes(minutes >= 600 ? Math.round(minutes / 60) * 60 : minutes)}</span>}
      {when && <span>{when}</span>}
      {(state === "paused" || state === "dropped") && (
        <span className="tag">
          <StateSign state={state} />
          {common.stateNames[state]}
        </span>
      )}
      {score !== undefined && <Rating value={score} label={common.rated(score)} />}
    </p>
  );
}

/** Where it was played; before that, where it can be. */
export function platformsOf({ playthroughs, game }: Entry): string[] {
  const played = [...new Set(playthroughs.flatMap(({ platform }) => platform ?? []))];
  return played.length > 0 ? played : game.platforms;
}

/** The one time or price that matters in a state. */
function useWhen(entry: Entry): string | undefined {
  const t = useWords();
  const speech = useSpeech();
  const last = entry.playthroughs.at(-1);
  switch (entry.state) {
    case "wishlist":
      return entry.target
        ? t.under(speech.money(entry.target.minor, entry.target.currency))
        : t.wantedSince(speech.monthOrYear(entry.since));
    case "completed":
      return last?.finished ? speech.monthOrYear(last.finished) : undefined;
    case "ongoing":
      return entry.playthroughs.length > 1 ? t.run(entry.playthroughs.length) : undefined;
    default:
      return undefined;
  }
}
