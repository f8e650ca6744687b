/** What a moderator looks at, and what may be decided about it. */

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { toast, toastProblem } from "../../ui/toasts";
import { saidBy } from "../kinds";
import { decide as decideNow } from "../moderate";
import { searchOf, type World } from "../place";
import { authorName, useNames } from "../useAuthorName";
import { useWords as useStudioWords } from "../words";
import type { useDecisions } from "./decisions";
import { type Item, target } from "./queue";
import { useWords } from "./words";

const DAY_MS = 86_400_000;

/** The part of the queue that is shown, and all of it that was loaded. */
export interface DeskProps {
  world: World;
  items: Item[];
  all: Item[];
  decide: ReturnType<typeof useDecisions>["decide"];
}

/** Which item is looked at: what was decided goes from the list, and what then stands in its place is next. */
function useChosen(items: Item[]) {
  const [chosenId, choose] = useState<string>();
  const [lastAt, setLastAt] = useState(0);
  const found = items.findIndex(({ trace }) => trace.id === chosenId);
  const at = found >= 0 ? found : Math.min(lastAt, items.length - 1);
  const go = (to: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, to))];
    if (!next) return;
    choose(next.trace.id);
    setLastAt(items.indexOf(next));
  };
  return { item: items[at], at, go, choose, stay: () => setLastAt(at) };
}

/** The state of the desk. `acts` are by the keys that carry them out. */
export function useDesk({ world, items, all, decide }: DeskProps) {
  const t = useWords();
  const studioWords = useStudioWords();
  const navigate = useNavigate();
  const names = useNames(world, all.map(({ trace }) => trace));
  const { item, at, go, choose, stay } = useChosen(items);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [chosenReason, setChosenReason] = useState<{ id: string; text: string }>();
  const [banDays, setBanDays] = useState(7);
  const several = items.filter(({ trace }) => picked.has(trace.id));
  const those = several.length > 0 ? several : item ? [item] : [];
  const reason = chosenReason && chosenReason.id === item?.trace.id ? chosenReason.text : (item?.reasons[0] ?? "other");

  const nameOf = ({ trace }: Item) => authorName(trace, names);
  const textOf = (of: Item[]) => {
    const [only] = of;
    return of.length === 1 && only ? saidBy(only.trace, studioWords.kinds[only.trace.kind].one).slice(0, 40) : t.several(of.length);
  };
  const settle = (action: "hide" | "restore") => {
    if (those.length === 0) return;
    const ids = those.map(({ trace }) => trace.id);
    stay();
    setPicked(new Set());
    decide(t.done[action](textOf(those)), ids, [{ action, trace_ids: ids, reason }], () => choose(ids[0]));
  };
  const ban = () => {
    if (!item) return;
    stay();
    const until = banDays === 0 ? {} : { until: new Date(Date.now() + banDays * DAY_MS).toISOString() };
    const { id } = item.trace;
    const hide = { action: "hide" as const, trace_ids: [id], reason };
    decide(t.done.ban(nameOf(item)), [id], [{ action: "ban", ...target(item.trace), ...until, reason }, hide], () => choose(id));
  };
  const pick = () => {
    if (!item) return;
    const next = new Set(picked);
    if (!next.delete(item.trace.id)) next.add(item.trace.id);
    setPicked(next);
    go(at + 1);
  };
  const openMap = () => {
    if (!item) return;
    const search = { ...searchOf(world), scope: item.trace.scope, trace: item.trace.id };
    void navigate({ to: "/studio/$studio/$game/world", params: world, search });
  };
  const actNow = (action: "unban" | "clear_name") => {
    if (!item) return;
    const said = t.done[action](nameOf(item));
    decideNow(world, { action, ...target(item.trace), reason }).then(() => toast(said), toastProblem);
  };
  return {
    item,
    count: those.length,
    picked,
    reason,
    banDays,
    nameOf,
    choose,
    setBanDays,
    setReason: (text: string) => item && setChosenReason({ id: item.trace.id, text }),
    actNow,
    acts: { j: () => go(at + 1), k: () => go(at - 1), h: () => settle("hide"), a: () => settle("restore"), b: ban, x: pick, m: openMap },
  };
}
