import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { platformName } from "../../ui/games";
import { Dialog } from "../../ui/overlays";
import { Failed, Field } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { useForgetLibrary } from "../library/queries";
import { readMinutes } from "../log/minutes";
import { useWords as useLogWords } from "../log/words";
import style from "./GamePage.module.css";
import type { Entry } from "./queries";
import { useWords } from "./words";

const grades = ["story", "everything", "endless", "abandoned"] as const satisfies readonly Schema<"PlaythroughGrade">[];
const DATE = "\\d{4}(-\\d{2}(-\\d{2})?)?";

/** Adds a playthrough, or changes one. */
export function PlaythroughForm({ entry, run, close }: { entry: Entry; run: Schema<"Playthrough"> | undefined; close: () => void }) {
  const t = useWords();
  const common = useCommon();
  const log = useLogWords();
  const speech = useSpeech();
  const form = useId();
  const [time, setTime] = useState(run?.minutes === undefined ? "" : speech.minutes(run.minutes));
  const read = readMinutes(time);
  const timeFault =
    read === "unclear" ? log.timeUnclear : "over" in read ? log.timeOver(speech.minutes(read.over[0]), speech.minutes(read.over[1])) : undefined;
  const save = useSave(entry, run, close);
  const problem = save.error ? asProblem(save.error) : undefined;
  const isElsewhere = problem && !["platform", "started", "finished", "time", "grade"].some((field) => problem.fault(field));
  return (
    <Dialog
      title={run ? t.runTitle(run.playthrough) : t.newRun}
      isOpen
      close={close}
      foot={
        <>
          <button className="btn btn-quiet" type="button" onClick={close}>
            {common.cancel}
          </button>
          <button className={`btn btn-lit${save.isPending ? " is-busy" : ""}`} type="submit" form={form}>
            {common.save}
          </button>
        </>
      }
    >
      <form
        id={form}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (typeof read === "object" && "minutes" in read) save.mutate(bodyOf(new FormData(event.currentTarget), read.minutes));
        }}
      >
        {isElsewhere && <Failed error={problem} />}
        <Choices entry={entry} run={run} />
        <div className={style["two"]}>
          <Field label={t.started} hint={t.dateHint} error={problem?.fault("started")}>
            {(ids) => <input {...ids} className="in" name="started" defaultValue={run?.started} pattern={DATE} maxLength={10} autoComplete="off" />}
          </Field>
          <Field label={t.finished} hint={t.dateHint} error={problem?.fault("finished")}>
            {(ids) => <input {...ids} className="in" name="finished" defaultValue={run?.finished} pattern={DATE} maxLength={10} autoComplete="off" />}
          </Field>
        </div>
        <Field label={t.time} error={timeFault ?? problem?.fault("time")}>
          {(ids) => <input {...ids} className="in" maxLength={24} value={time} placeholder={log.timeExample} onChange={(e) => setTime(e.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}

function Choices({ entry, run }: { entry: Entry; run: Schema<"Playthrough"> | undefined }) {
  const t = useWords();
  const platforms = [...new Set([...entry.game.platforms, ...(run?.platform ? [run.platform] : [])])];
  return (
    <div className={style["two"]}>
      <Field label={t.platform}>
        {(ids) => (
          <select {...ids} className="in" name="platform" defaultValue={run?.platform ?? (platforms.length === 1 ? platforms[0] : "")}>
            <option value="">{t.noPlatform}</option>
            {platforms.map((platform) => (
              <option key={platform} value={platform}>
                {platformName(platform)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t.grade}>
        {(ids) => (
          <select {...ids} className="in" name="grade" defaultValue={run?.grade ?? ""}>
            <option value="">{t.noGrade}</option>
            {grades.map((grade) => (
              <option key={grade} value={grade}>
                {t.grades[grade]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function bodyOf(form: FormData, minutes: number): Schema<"PlaythroughChange"> {
  const text = (name: string) => {
    const value = String(form.get(name) ?? "").trim();
    return value === "" ? {} : { [name]: value };
  };
  return {
    ...text("platform"),
    ...text("started"),
    ...text("finished"),
    ...text("grade"),
    ...(minutes > 0 ? { time: `${minutes} min` } : {}),
  };
}

function useSave({ game }: Entry, run: Schema<"Playthrough"> | undefined, close: () => void) {
  const forget = useForgetLibrary();
  return useMutation({
    mutationFn: (body: Schema<"PlaythroughChange">) => {
      const path = { game_id: game.id };
      if (!run) return ok(api.POST("/api/library/{game_id}/playthroughs", { params: { path }, body }));
      const of = { ...path, playthrough: String(run.playthrough) };
      return ok(api.PUT("/api/library/{game_id}/playthroughs/{playthrough}", { params: { path: of }, body }));
    },
    onSuccess: async () => {
      close();
      await forget();
    },
  });
}
