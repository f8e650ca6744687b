import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem, type Problem } from "../../api/problem";
import { Answer, Failed, Field } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { ForRole } from "../parts";
import { Part, Sheet, WorkPage } from "../../ui/work";
import { useWorld, type World, worldName } from "../place";
import { settingsQuery } from "../queries";
import { changesOf, type Settings } from "./changes";
import { KindTable } from "./KindTable";
import styles from "./SettingsPage.module.css";
import { StorageUse } from "./StorageUse";
import { useWords } from "./words";

/** What a game has decided about its traces, in one environment, and what it stores. */
export function SettingsPage() {
  const t = useWords();
  const world = useWorld();
  const settings = useQuery(settingsQuery(world));
  return (
    <WorkPage title={t.title}>
      <ForRole least="developer">
        <Sheet>
          <p className="ink2 prose">{t.of(world.environment)}</p>
          <StorageUse world={world} />
          <Answer query={settings} lines={8}>
            {(saved) => <SettingsForm key={worldName(world)} world={world} saved={saved} />}
          </Answer>
        </Sheet>
      </ForRole>
    </WorkPage>
  );
}

function SettingsForm({ world, saved }: { world: World; saved: Settings }) {
  const t = useWords();
  const s = useSpeech();
  const queries = useQueryClient();
  const [now, setNow] = useState(saved);
  const change = changesOf(saved, now);
  const saving = useMutation({
    mutationFn: (body: Schema<"GameSettingsChange">) =>
      ok(api.PATCH("/v1/games/{game}/settings", { params: { path: { game: world.game }, query: { studio: world.studio, environment: world.environment } }, body })),
    onSuccess: (settings) => {
      queries.setQueryData(settingsQuery(world).queryKey, settings);
      void queries.invalidateQueries({ queryKey: ["world", worldName(world), "game"] });
      setNow(settings);
      toast(t.saved);
    },
  });
  const problem = saving.error ? asProblem(saving.error) : undefined;
  const fields = { now, problem, set: (part: Partial<Settings>) => setNow({ ...now, ...part }) };
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (change) saving.mutate(change);
      }}
    >
      <Part title={t.reads}>
        <Flag {...fields} name="public_reads" label={t.public_reads} hint={t.public_readsHint} />
        <Flag {...fields} name="v0" label={t.v0} />
        <div className={styles["fields"]}>
          <Field label={t.text}>
            {(ids) => (
              <select {...ids} className="in" value={now.text} onChange={(event) => fields.set({ text: event.target.value as Settings["text"] })}>
                {(["free", "templates", "off"] as const).map((rule) => (
                  <option key={rule} value={rule}>
                    {t.texts[rule]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Whole {...fields} name="hidden_at_reports" label={t.hidden_at_reports} hint={t.hidden_at_reportsHint} />
          <Whole {...fields} name="content_version_min" label={t.content_version_min} hint={t.content_version_minHint} />
        </div>
      </Part>
      <Part title={t.decksTitle}>
        <div className={styles["fields"]}>
          <Whole {...fields} name="decks" label={t.decks} least={1} />
          <Whole {...fields} name="refresh_s" label={t.refresh_s} least={1} />
        </div>
      </Part>
      <Part title={t.kindsTitle} hint={t.kindsHint}>
        <KindTable kinds={now.kinds} changed={change?.kinds?.map(({ kind }) => kind) ?? []} problem={problem} onKinds={(kinds) => fields.set({ kinds })} />
      </Part>
      <Part title={t.wordsTitle} hint={t.wordsHint}>
        <div className={styles["fields"]}>
          {(["templates", "words", "conjunctions", "gestures"] as const).map((name) => (
            <Whole key={name} {...fields} name={name} label={t[name]} />
          ))}
        </div>
      </Part>
      <Part title={t.recordings} hint={t.body(s.bytes(saved.max_body_bytes))}>
        <div className={styles["fields"]}>
          <Whole {...fields} name="max_frames" label={t.max_frames} least={1} />
          <Whole {...fields} name="max_recording_bytes" label={t.max_recording_bytes} least={1} />
        </div>
      </Part>
      <Part title={t.space} hint={t.spaceHint}>
        <Space {...fields} />
      </Part>
      <div className={styles["foot"]}>
        {problem && <Failed error={problem} />}
        {change && <span className="sm ink2">{t.unsaved}</span>}
        {change && (
          <button className="btn" type="button" onClick={() => setNow(saved)}>
            {t.reset}
          </button>
        )}
        <button className={`btn btn-lit${saving.isPending ? " is-busy" : ""}`} type="submit" disabled={!change || saving.isPending}>
          {t.save}
        </button>
      </div>
    </form>
  );
}

interface Fields {
  now: Settings;
  problem: Problem | undefined;
  set: (part: Partial<Settings>) => void;
}

function Flag({ now, set, name, label, hint }: Fields & { name: "public_reads" | "v0"; label: string; hint?: string }) {
  return (
    <label className="check switch">
      <input type="checkbox" checked={now[name]} onChange={(event) => set({ [name]: event.target.checked })} />
      <span>
        {label} {hint && <span className="sm ink3">{hint}</span>}
      </span>
    </label>
  );
}

type NumberName = "hidden_at_reports" | "content_version_min" | "decks" | "refresh_s" | "templates" | "words" | "conjunctions" | "gestures" | "max_frames" | "max_recording_bytes";

function Whole({ now, problem, set, name, label, hint, least = 0 }: Fields & { name: NumberName; label: string; hint?: string; least?: number }) {
  return (
    <Field label={label} hint={hint} error={problem?.fault(name)}>
      {(ids) => <input {...ids} className="in mono" type="number" min={least} step={1} required value={now[name]} onChange={(event) => set({ [name]: event.target.valueAsNumber })} />}
    </Field>
  );
}

function Space({ now, problem, set }: Fields) {
  const t = useWords();
  return (
    <div className={styles["fields"]}>
      <Field label={t.axes} error={problem?.fault("axes")}>
        {(ids) => (
          <select {...ids} className="in" value={now.axes ?? ""} onChange={(event) => event.target.value !== "" && set({ axes: event.target.value as NonNullable<Settings["axes"]> })}>
            {Object.entries(t.axesNames).map(([id, text]) => (
              <option key={id} value={id} disabled={id === ""}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t.units} hint={t.unitsHint} error={problem?.fault("units")}>
        {(ids) => <input {...ids} className="in" maxLength={32} value={now.units ?? ""} onChange={(event) => set({ units: event.target.value })} />}
      </Field>
    </div>
  );
}
