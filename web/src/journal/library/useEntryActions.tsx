import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

import { StateSign } from "../../ui/Cairn";
import type { Action } from "../../ui/overlays";
import { useCommon } from "../../ui/words";
import { openLog } from "../log/open";
import { states } from "../log/StatePicker";
import { type Entry, useMove, useRemove } from "./queries";
import { useWords } from "./words";

/** What one can do with a game of the library, as entries of a menu. */
export type ActionsOf = (entry: Entry) => (Action | null)[];

/** The actions of any entry; the function stays the same, so that what shows an entry need not be drawn anew. */
export function useActionsOf(): ActionsOf {
  const t = useWords();
  const common = useCommon();
  const navigate = useNavigate();
  const move = useMove();
  const remove = useRemove();
  return useCallback(
    (entry) => [
      { id: "log", text: t.log, icon: "plus", act: () => openLog(entry.game) },
      {
        id: "open",
        text: t.openGame,
        icon: "book",
        act: () => navigate({ to: "/journal/games/$gameId", params: { gameId: entry.game.id } }),
      },
      null,
      ...states.map((state, i) => ({
        id: state,
        text: t.moveTo(common.states[state]),
        icon: <StateSign state={state} />,
        key: String(i + 1),
        isOff: state === entry.state,
        act: () => move(entry, state),
      })),
      null,
      { id: "remove", text: t.remove, icon: "x", isBad: true, act: () => remove(entry) },
    ],
    [t, common, navigate, move, remove],
  );
}
