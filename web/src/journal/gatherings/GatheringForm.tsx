import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { placeQuery } from "../../account/settings/PlacePart";
import type { Schema } from "../../api/client";
import type { Problem } from "../../api/problem";
import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { GamePicker } from "../log/GamePicker";
import { DeviceChips } from "./DeviceChips";
import styles from "./Gatherings.module.css";
import { usernames } from "./HostBox";
import type { Challenge } from "./queries";
import { useWords } from "./words";
import { momentIn, wallIn } from "./zone";

const DEVICES = ["pc", "ps5", "xbox-series", "switch", "switch-2"];
const DURATIONS = [30, 60, 90, 120, 180, 240, 300, 360, 480, 720, 1440];
const AUDIENCES = ["private", "friends", "public"] as const;
const WEEK_MS = 7 * 86_400_000;

type Game = Schema<"JournalGame">;

/** What the form gives: all that a challenge is made of or changed to. */
export type Filled = Schema<"NewChallenge">;

/** The form of a gathering, a new one or one that is changed (then game and guests are settled). */
export function GatheringForm({
  start,
  problem,
  isBusy,
  send,
}: {
  start?: Challenge;
  problem: Problem | undefined;
  isBusy: boolean;
  send: (filled: Filled) => void;
}) {
  const t = useWords();
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [game, setGame] = useState<Game | undefined>(start?.game);
  const [type, setType] = useState<Schema<"SessionType">>(start?.session_type ?? "offline");
  const [brings, setBrings] = useState(start?.brings ?? []);
  const [needs, setNeeds] = useState(start?.needs ?? []);
  const [isGameMissing, setGameMissing] = useState(false);
  const submit = (form: FormData) => {
    if (!game) return setGameMissing(true);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const zone = text("zone") || ownZone;
    const optional = { text: text("text"), area: text("area"), address: text("address") };
    send({
      game: game.id,
      session_type: type,
      starts_at: momentIn(text("day"), text("time"), zone).toISOString(),
      zone,
      minutes: Number(text("minutes")),
      capacity: Number(text("capacity")),
      audience: AUDIENCES.find((audience) => audience === text("audience")) ?? "private",
      brings,
      needs,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== "")),
      ...(start ? {} : { invited: usernames(text("invited")) }),
    });
  };
  const devices = [...new Set([...(game?.platforms ?? []), ...DEVICES])];
  return (
    <form className={styles["form"]} onSubmit={onForm(submit)}>
      {problem && !problem.fault("brings") && <Failed error={problem} />}
      <GameChoice game={game} isSettled={start !== undefined} isMissing={isGameMissing} choose={setGame} />
      {!start && (
        <fieldset>
          <legend className="sm b">{t.kind}</legend>
          <div className="row wrap">
            {(["offline", "online"] as const).map((value) => (
              <label key={value} className="check">
                <input type="radio" name="session_type" checked={type === value} onChange={() => setType(value)} />
                {value === "offline" ? t.inPerson : t.overNet}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <WhenFields {...(start ? { start } : {})} ownZone={ownZone} problem={problem} />
      <WhoFields {...(start ? { start } : {})} problem={problem} />
      {type === "offline" && <WhereFields {...(start ? { start } : {})} problem={problem} />}
      <Field label={t.text} hint={t.textHint} error={problem?.fault("text")}>
        {(ids) => <textarea {...ids} className="in" name="text" rows={4} maxLength={1000} defaultValue={start?.text ?? ""} />}
      </Field>
      {type === "offline" && (
        <>
          <DeviceChips label={t.brings} offered={devices} value={brings} change={setBrings} error={problem?.fault("brings") && t.bringsFault} />
          <DeviceChips label={t.needsLabel} offered={devices} value={needs} change={setNeeds} />
        </>
      )}
      <div>
        <button className={`btn btn-lit${isBusy ? " is-busy" : ""}`} type="submit">
          {start ? t.saveChange : t.createOpen}
        </button>
      </div>
    </form>
  );
}

function GameChoice({
  game,
  isSettled,
  isMissing,
  choose,
}: {
  game: Game | undefined;
  isSettled: boolean;
  isMissing: boolean;
  choose: (game: Game | undefined) => void;
}) {
  const t = useWords();
  if (!game) {
    return (
      <div className="field">
        <GamePicker label={t.game} pick={choose} />
        {isMissing && (
          <span className="err" role="alert">
            {t.gameNeeded}
          </span>
        )}
      </div>
    );
  }
  return (
    <div className={`card ${styles["chosen"]}`}>
      <Cover name={game.name} />
      <b>{game.name}</b>
      {!isSettled && (
        <button className="btn btn-sm" type="button" onClick={() => choose(undefined)}>
          {t.otherGame}
        </button>
      )}
    </div>
  );
}

function WhenFields({ start, ownZone, problem }: { start?: Challenge; ownZone: string; problem: Problem | undefined }) {
  const t = useWords();
  const zone = start?.zone ?? ownZone;
  const wall = start ? wallIn(start.starts_at, zone) : { day: wallIn(Date.now() + WEEK_MS, zone).day, time: "18:00" };
  const zones = [...new Set([zone, ownZone, ...Intl.supportedValuesOf("timeZone")])];
  const durations = [...new Set([...DURATIONS, ...(start ? [start.minutes] : [])])].sort((a, b) => a - b);
  const fault = problem?.fault("starts_at");
  return (
    <div className={styles["pair"]}>
      <Field label={t.date} error={fault}>
        {(ids) => <input {...ids} className="in" type="date" name="day" required defaultValue={wall.day} />}
      </Field>
      <Field label={t.time}>
        {(ids) => <input {...ids} className="in" type="time" name="time" required defaultValue={wall.time} />}
      </Field>
      <Field label={t.minutes} error={problem?.fault("minutes")}>
        {(ids) => (
          <select {...ids} className="in" name="minutes" defaultValue={start?.minutes ?? 180}>
            {durations.map((minutes) => (
              <option key={minutes} value={minutes}>
                {t.hourOptions(minutes)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t.zone} error={problem?.fault("zone")}>
        {(ids) => (
          <select {...ids} className="in" name="zone" defaultValue={zone}>
            {zones.map((name) => (
              <option key={name} value={name}>
                {name.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function WhoFields({ start, problem }: { start?: Challenge; problem: Problem | undefined }) {
  const t = useWords();
  return (
    <>
      {!start && (
        <Field label={t.inviteLabel} hint={t.inviteHint} error={problem?.fault("invited")}>
          {(ids) => <input {...ids} className="in" name="invited" autoCapitalize="none" autoComplete="off" spellCheck={false} />}
        </Field>
      )}
      <div className={styles["pair"]}>
        <Field label={t.capacity} hint={t.capacityHint} error={problem?.fault("capacity")}>
          {(ids) => <input {...ids} className="in" type="number" name="capacity" min={1} max={64} required defaultValue={start?.capacity ?? 4} />}
        </Field>
        <Field label={t.audience} error={problem?.fault("audience")}>
          {(ids) => (
            <select {...ids} className="in" name="audience" defaultValue={start?.audience ?? "private"}>
              {AUDIENCES.map((audience) => (
                <option key={audience} value={audience}>
                  {t.audienceHints[audience]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </>
  );
}

function WhereFields({ start, problem }: { start?: Challenge; problem: Problem | undefined }) {
  const t = useWords();
  const { data: place } = useQuery(placeQuery);
  return (
    <>
      <Field label={t.area} hint={t.areaHint} error={problem?.fault("area")}>
        {(ids) => <input {...ids} className="in" name="area" maxLength={60} required defaultValue={start?.area?.name ?? ""} />}
      </Field>
      <Field
        label={t.addressLabel}
        hint={
          <>
            <Icon name="lock" /> {t.addressHint}
          </>
        }
        error={problem?.fault("address")}
      >
        {(ids) => <input {...ids} className="in" name="address" maxLength={300} autoComplete="off" defaultValue={start?.address ?? ""} />}
      </Field>
      <p className="hint">
        {place ? (
          t.useOwnPlace
        ) : (
          <>
            {t.placeNeededText}{" "}
            <Link to="/account" search={{ section: "privacy" }}>
              {t.setPlace}
            </Link>
          </>
        )}
      </p>
    </>
  );
}
