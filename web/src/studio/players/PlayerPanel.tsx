import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { decide } from "../moderate";
import { Part } from "../../ui/work";
import { type World, worldName } from "../place";
import { Sure } from "../Sure";
import { saveFile } from "../transfer/saveFile";
import type { Author } from "./authors";
import styles from "./PlayersPage.module.css";
import { useWords } from "./words";

const DAY_MS = 86_400_000;

/** The acts on a player, each with what is said afterwards. */
function useActs(world: World, author: Author, onGone: () => void) {
  const t = useWords();
  const queries = useQueryClient();
  const name = author.name ?? `…${author.id.slice(-8)}`;
  const target = author.isPlayer ? { player_id: author.id } : { claimed_author: author.id };
  const path = { player_id: author.id };
  const again = () => queries.invalidateQueries({ queryKey: ["world", worldName(world)] });
  const act = useMutation({
    mutationFn: ({ body }: { body: Schema<"ModerationRequest">; said: (affected: number) => string; undo?: () => Promise<unknown> }) => decide(world, body),
    onSuccess: async (affected, { said, undo }) => {
      toast(said(affected), undo);
      await again();
    },
    onError: toastProblem,
  });
  const exporting = useMutation({
    mutationFn: () => ok(api.GET("/v1/players/{player_id}/export", { params: { path, query: { ...world } } })),
    onSuccess: (all) => {
      saveFile(new Blob([JSON.stringify(all, null, 2)], { type: "application/json" }), `player-${author.id}.json`);
      toast(t.exported);
    },
    onError: toastProblem,
  });
  const erasing = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/players/{player_id}", { params: { path, query: { ...world } } })),
    onSuccess: async () => {
      toast(t.erased);
      onGone();
      await again();
    },
    onError: toastProblem,
  });
  const ban = (days: number) => {
    const until = days === 0 ? {} : { until: new Date(Date.now() + days * DAY_MS).toISOString() };
    const undo = () => decide(world, { action: "unban", ...target });
    act.mutate({ body: { action: "ban", ...target, ...until }, said: () => t.banned(name), undo });
  };
  return {
    name,
    ban,
    unban: () => act.mutate({ body: { action: "unban", ...target }, said: () => t.unbanned(name) }),
    clearName: () => act.mutate({ body: { action: "clear_name", ...path }, said: () => t.cleared }),
    allowName: () => act.mutate({ body: { action: "allow_name", ...path }, said: () => t.allowed }),
    wipe: () => act.mutate({ body: { action: "wipe", ...target }, said: t.wiped }),
    save: () => exporting.mutate(),
    erase: () => erasing.mutate(),
  };
}

/** What may be done about a player. */
export function PlayerPanel({ world, author, onGone }: { world: World; author: Author; onGone: () => void }) {
  const t = useWords();
  const acts = useActs(world, author, onGone);
  const [asking, setAsking] = useState<"wipe" | "erase">();
  return (
    <Part title={acts.name} hint={author.isPlayer ? "" : t.claimedHint}>
      <dl className="kv">
        <dt>{t.id}</dt>
        <dd className={`mono ${styles["id"]}`}>{author.id}</dd>
      </dl>
      <Ban ban={acts.ban} unban={acts.unban} />
      {author.isPlayer && (
        <>
          <div className="row wrap">
            <button className="btn btn-sm" type="button" onClick={acts.clearName}>
              {t.clearName}
            </button>
            <button className="btn btn-sm" type="button" onClick={acts.allowName}>
              {t.allowName}
            </button>
          </div>
          <div className="stack-1">
            <p>
              <button className="btn btn-sm" type="button" onClick={acts.save}>
                <Icon name="get" />
                {t.export}
              </button>
            </p>
            <p className="hint">{t.exportHint}</p>
          </div>
        </>
      )}
      <div className="row wrap">
        <button className="btn btn-sm btn-bad" type="button" onClick={() => setAsking("wipe")}>
          {t.wipe}
        </button>
        {author.isPlayer && (
          <button className="btn btn-sm btn-bad" type="button" onClick={() => setAsking("erase")}>
            {t.erase}
          </button>
        )}
      </div>
      {asking && (
        <Sure
          title={asking === "wipe" ? t.wipeTitle(acts.name) : t.eraseTitle(acts.name)}
          button={asking === "wipe" ? t.wipe : t.erase}
          close={() => setAsking(undefined)}
          act={asking === "wipe" ? acts.wipe : acts.erase}
        >
          <p>{asking === "wipe" ? t.wipeText : t.eraseText}</p>
        </Sure>
      )}
    </Part>
  );
}

function Ban({ ban, unban }: { ban: (days: number) => void; unban: () => void }) {
  const t = useWords();
  const [days, setDays] = useState(7);
  return (
    <>
      <div className={styles["ban"]}>
        <Field label={t.banFor} hint={t.banHint}>
          {(ids) => (
            <select {...ids} className="in" value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {[1, 7, 30, 0].map((each) => (
                <option key={each} value={each}>
                  {t.banLengths[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div className="row wrap">
        <button className="btn btn-sm btn-bad" type="button" onClick={() => ban(days)}>
          <Icon name="ban" />
          {t.ban(t.banLengths[days] ?? "")}
        </button>
        <button className="btn btn-sm" type="button" onClick={unban}>
          {t.unban}
        </button>
      </div>
    </>
  );
}
