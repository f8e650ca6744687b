import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { Schema } from "../../api/client";
import type { State } from "../../ui/Cairn";
import { toast } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { entryQuery } from "../library/queries";
import { applyLog } from "./apply";
import { readMinutes } from "./minutes";
import type { Game } from "./open";
import { useShot } from "./useShot";
import { useWords } from "./words";

/** A day of somebody's calendar: `2026-11-28`. */
export function dayOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The day before today. */
export function yesterday(): string {
  const date = new Date();
  date.setDate(date.getDate() - 1);
  return dayOf(date);
}

/** The form of the quick log. */
export function useLogForm(first: Game | undefined, done: () => void) {
  const t = useWords();
  const speech = useSpeech();
  const client = useQueryClient();
  const [game, setGame] = useState(first);
  const [chosen, setChosen] = useState<State>();
  const [time, setTime] = useState("");
  const [day, setDay] = useState(() => dayOf(new Date()));
  const [text, setText] = useState("");
  const [isSpoiler, setSpoiler] = useState(false);
  const [audience, setAudience] = useState<Schema<"Audience">>("friends");
  const [description, setDescription] = useState("");
  const [wasTried, setTried] = useState(false);
  const shot = useShot(game?.id);
  const entry = useQuery({ ...entryQuery(game?.id ?? ""), enabled: game !== undefined });
  const state = chosen ?? playedState(entry.data?.state);

  const read = readMinutes(time);
  const timeFault =
    read === "unclear" ? t.timeUnclear : "over" in read ? t.timeOver(speech.minutes(read.over[0]), speech.minutes(read.over[1])) : undefined;
  const isDay = day !== "" && day <= dayOf(new Date());
  const isSending = shot.file !== undefined && shot.sent === undefined && shot.refusal === undefined;

  const log = useMutation({
    mutationFn: async () => {
      if (!game || entry.data === undefined || read === "unclear" || "over" in read) return undefined;
      const media = shot.sent;
      const undo = await applyLog({ game, state, minutes: read.minutes, day, text, isSpoiler, audience, media, description }, entry.data);
      shot.keep();
      return { game, minutes: read.minutes, undo };
    },
    onSuccess: async (logged) => {
      if (!logged) return;
      const forget = () => client.invalidateQueries({ predicate: ({ queryKey: [first] }) => first !== "me" && first !== "search" });
      const { name } = logged.game;
      toast(logged.minutes > 0 ? t.loggedTime(name, speech.minutes(logged.minutes)) : t.logged(name), async () => {
        await logged.undo();
        await forget();
        toast(t.taken(name));
      });
      done();
      await forget();
    },
  });

  return {
    ...{ game, state, time, day, text, isSpoiler, audience, description, shot, entry, log, isSending },
    ...{ setTime, setDay, setText, setSpoiler, setAudience, setDescription, setState: setChosen },
    setGame: (game: Game | undefined) => {
      setGame(game);
      setChosen(undefined);
    },
    // A time that is half written is unclear: that is only said once somebody means it.
    timeFault: read === "unclear" && !wasTried ? undefined : timeFault,
    dayFault: isDay ? undefined : t.dayNeeded,
    submit: () => {
      setTried(true);
      if (game && !timeFault && isDay && !isSending && !log.isPending) log.mutate();
    },
  };
}

/** What somebody does with a game that they log: what they did before, unless they only wished for it. */
function playedState(state: State | undefined): State {
  return state === undefined || state === "wishlist" ? "ongoing" : state;
}
