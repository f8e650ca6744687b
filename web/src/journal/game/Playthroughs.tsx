import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { platformName } from "../../ui/games";
import { MenuButton } from "../../ui/overlays";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { useForgetLibrary } from "../library/queries";
import style from "./GamePage.module.css";
import { PlaythroughForm } from "./PlaythroughForm";
import type { Entry } from "./queries";
import { useWords } from "./words";

type Playthrough = Schema<"Playthrough">;

/** The runs through a game as a trail, the newest first. */
export function Playthroughs({ entry }: { entry: Entry }) {
  const t = useWords();
  const [edited, setEdited] = useState<Playthrough | "new">();
  const runs = entry.playthroughs.toReversed();
  return (
    <section id="playthroughs">
      <div className="sec-h">
        <h2>{t.playthroughs}</h2>
        <button className="link-btn sm" type="button" onClick={() => setEdited("new")}>
          {t.addRun}
        </button>
      </div>
      {runs.length === 0 ? (
        <p className="ink2">{t.noRuns}</p>
      ) : (
        <ol className="trail">
          {runs.map((run) => (
            <Run key={run.playthrough} run={run} entry={entry} edit={() => setEdited(run)} />
          ))}
        </ol>
      )}
      {edited && <PlaythroughForm entry={entry} run={edited === "new" ? undefined : edited} close={() => setEdited(undefined)} />}
    </section>
  );
}

function Run({ run, entry, edit }: { run: Playthrough; entry: Entry; edit: () => void }) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const remove = useRemoveRun(entry);
  const { minutes, grade, platform, finished } = run;
  const isOpen = finished === undefined && grade === undefined;
  const title = t.runTitle(run.playthrough);
  return (
    <li className={isOpen ? "is-lit" : grade === "abandoned" ? undefined : "is-done"}>
      <div className={style["run"]}>
        <b className="b">{grade ? `${title}: ${t.grades[grade].toLocaleLowerCase(speech.language)}` : title}</b>
        <span className="ink3 sm">{[useSpan(run), platform && platformName(platform)].filter(Boolean).join(", ")}</span>
        <MenuButton
          label={common.optionsFor(title)}
          actions={[
            { id: "edit", text: t.editRun, icon: "gear", act: edit },
            { id: "remove", text: common.remove, icon: "x", isBad: true, act: () => remove.mutate(run) },
          ]}
        />
      </div>
      {minutes !== undefined && minutes > 0 && (
        <p className="ink2 sm">{isOpen ? t.soFar(speech.minutes(minutes)) : speech.minutes(minutes)}</p>
      )}
    </li>
  );
}

/** From when to when, as precisely as it is known. */
function useSpan({ started, finished }: Playthrough): string {
  const t = useWords();
  const speech = useSpeech();
  const [from, to] = [started && speech.partialDate(started), finished && speech.partialDate(finished)];
  if (from && to) return t.span(from, to);
  return from ? t.since(from) : to ? t.until(to) : "";
}

/** A playthrough as the API takes it. */
function bodyOf({ playthrough: _, minutes, ...run }: Playthrough): Schema<"PlaythroughChange"> {
  return { ...run, ...(minutes === undefined ? {} : { time: `${minutes} min` }) };
}

function useRemoveRun({ game }: Entry) {
  const t = useWords();
  const forget = useForgetLibrary();
  return useMutation({
    mutationFn: ({ playthrough }: Playthrough) =>
      ok(
        api.DELETE("/api/library/{game_id}/playthroughs/{playthrough}", {
          params: { path: { game_id: game.id, playthrough: String(playthrough) } },
        }),
      ),
    onSuccess: async (_entry, run) => {
      toast(t.runRemoved, async () => {
        await ok(api.POST("/api/library/{game_id}/playthroughs", { params: { path: { game_id: game.id } }, body: bodyOf(run) }));
        await forget();
      });
      await forget();
    },
    onError: toastProblem,
  });
}
