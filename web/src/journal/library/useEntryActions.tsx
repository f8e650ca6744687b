import { useNavigate } from "@tanstack/react-router";

import { StateSign } from "../../ui/Cairn";
import type { Action } from "../../ui/overlays";
import { useCommon } from "../../ui/words";
import { openLog } from "../log/open";
import { states } from "../log/StatePicker";
import { type Entry, useMove, useRemove } from "./queries";
import { useWords } from "./words";

/** What one can do with a game of the library, as entries of a menu. */
export function useEntryActions(entry: Entry): (Action | null)[] {
  const t = useWords();
  const common = useCommon();
  const navigate = useNavigate();
  const move = useMove();
  const remove = useRemove();
  const { game } = entry;
  return [
    { id: "log", text: t.log, icon: "plus", act: () => openLog(game) },
    { id: "open", text: t.openGame, icon: "book", act: () => navigate({ to: "/journal/games/$gameId", params: { gameId: game.id } }) },
    null,
    ...states.map((state, i) => ({
      id: state,
      text: t.moveTo(common.states[state]),
      icon: <StateSign state={state} />,
      key: String(i + 1),
      isOff: state === entry.state,
      act: () => move([entry], state),
    })),
    null,
    { id: "remove", text: t.remove, icon: "x", isBad: true, act: () => remove(entry) },
  ];
}
