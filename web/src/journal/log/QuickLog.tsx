import { useEffect } from "react";

import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { Failed, Field } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import { GamePicker, gameNote } from "./GamePicker";
import type { Game } from "./open";
import style from "./QuickLog.module.css";
import { ShotField } from "./ShotField";
import { StatePicker } from "./StatePicker";
import { dayOf, useLogForm, yesterday } from "./useLogForm";
import { mediaOf, type Shot } from "./useShot";
import { useWords } from "./words";

/** The quick log: what somebody has played, for how long, what they thought, what it looked like. One button, one undo. */
export function QuickLog({ game: first, close }: { game: Game | undefined; close: () => void }) {
  const t = useWords();
  const form = useLogForm(first, close);
  const { game, log, shot } = form;
  usePaste(shot);
  return (
    <form
      className={style["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
      }}
      onDragOver={(event) => event.dataTransfer.types.includes("Files") && event.preventDefault()}
      onDrop={(event) => {
        const file = mediaOf(event.dataTransfer);
        if (!file) return;
        event.preventDefault();
        shot.take(file);
      }}
    >
      {game ? <Picked game={game} change={() => form.setGame(undefined)} /> : <GamePicker label={t.pickGame} pick={form.setGame} autoFocus />}
      <StatePicker label={t.state} state={form.state} choose={form.setState} />
      <TimeAndDay key={game?.id} form={form} takesFocus={game !== undefined} />
      <Field label={t.thought} hint={t.thoughtHint}>
        {(ids) => <textarea {...ids} className="in" rows={3} maxLength={16_000} value={form.text} onChange={(e) => form.setText(e.target.value)} />}
      </Field>
      <label className="check sm">
        <input type="checkbox" checked={form.isSpoiler} onChange={(e) => form.setSpoiler(e.target.checked)} />
        {t.spoiler}
      </label>
      <ShotField shot={shot} describe={{ text: form.description, set: form.setDescription }} hasGame={game !== undefined} />
      {log.error && <Failed error={log.error} />}
      <Foot form={form} />
    </form>
  );
}

type Form = ReturnType<typeof useLogForm>;

function Picked({ game, change }: { game: Game; change: () => void }) {
  const t = useWords();
  return (
    <div className={style["picked"]}>
      <Cover name={game.name} />
      <span className="grow">
        <b className="b">{game.name}</b>
        <br />
        <span className="xs ink3">{gameNote(game)}</span>
      </span>
      <button className="btn btn-quiet btn-icon btn-sm" type="button" aria-label={t.otherGame} onClick={change}>
        <Icon name="search" />
      </button>
    </div>
  );
}

/** Once the game is known, the time is what comes next. */
function TimeAndDay({ form, takesFocus }: { form: Form; takesFocus: boolean }) {
  const t = useWords();
  const days = [dayOf(new Date()), yesterday()];
  const isOther = !days.includes(form.day);
  return (
    <div className={style["two"]}>
      <Field label={t.time} error={form.timeFault}>
        {(ids) => (
          <input
            {...ids}
            className="in"
            autoFocus={takesFocus}
            autoComplete="off"
            maxLength={24}
            placeholder={t.timeExample}
            value={form.time}
            onChange={(e) => form.setTime(e.target.value)}
          />
        )}
      </Field>
      <Field label={t.when}>
        {(ids) => (
          <select {...ids} className="in" value={isOther ? "other" : form.day} onChange={(e) => form.setDay(e.target.value === "other" ? "" : e.target.value)}>
            <option value={days[0]}>{t.today}</option>
            <option value={days[1]}>{t.yesterday}</option>
            <option value="other">{t.anotherDay}</option>
          </select>
        )}
      </Field>
      {isOther && (
        <div className={style["other-day"]}>
          <Field label={t.day} error={form.day === "" ? undefined : form.dayFault}>
            {(ids) => (
              <input {...ids} className="in" type="date" required max={days[0]} value={form.day} onChange={(e) => form.setDay(e.target.value)} />
            )}
          </Field>
        </div>
      )}
    </div>
  );
}

function Foot({ form }: { form: Form }) {
  const t = useWords();
  const common = useCommon();
  const isBusy = form.log.isPending || form.isSending;
  return (
    <div className={style["foot"]}>
      <select
        className="in"
        aria-label={common.whoMayRead}
        value={form.audience}
        onChange={(e) => form.setAudience(e.target.value as Form["audience"])}
      >
        {(["public", "friends", "private"] as const).map((audience) => (
          <option key={audience} value={audience}>
            {common.audiences[audience]}
          </option>
        ))}
      </select>
      <button
        className={`btn btn-lit${isBusy ? " is-busy" : ""}`}
        type="submit"
        disabled={!form.game || form.entry.data === undefined}
        title={form.isSending ? t.stillSending : undefined}
      >
        {t.log}
      </button>
    </div>
  );
}

/** A picture that is pasted anywhere while the log is open becomes its screenshot. */
function usePaste({ take }: Shot) {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const file = mediaOf(event.clipboardData);
      if (!file) return;
      event.preventDefault();
      take(file);
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [take]);
}
