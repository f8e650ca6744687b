import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { GamePicker } from "../log/GamePicker";
import styles from "./SavesPage.module.css";
import { useWords } from "./words";

/** Makes a save: of a game, or in a folder for what is no game here. */
export function NewSave({ close }: { close: () => void }) {
  const t = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isGame, setGame] = useState(true);
  const [game, choose] = useState<Schema<"JournalGame">>();
  const making = useMutation({
    mutationFn: (form: FormData) => {
      const [name, folder] = [String(form.get("name")).trim(), String(form.get("folder") ?? "").trim()];
      return ok(api.POST("/api/saves", { body: { name, ...(isGame ? (game ? { game: game.id } : {}) : { folder }) } }));
    },
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ["saves"] });
      toast(t.made);
      close();
      await navigate({ to: "/journal/saves", search: { save: id } });
    },
  });
  const problem = making.error ? asProblem(making.error) : undefined;
  return (
    <form className={styles["form"]} onSubmit={onForm(making.mutate)}>
      {problem && !problem.fault("name") && !problem.fault("folder") && <Failed error={problem} />}
      <div className="row wrap">
        {[true, false].map((value) => (
          <label key={String(value)} className="check">
            <input type="radio" name="kind" checked={isGame === value} onChange={() => setGame(value)} />
            {value ? t.forGame : t.forFolder}
          </label>
        ))}
      </div>
      {isGame ? (
        game ? (
          <p className="row">
            <b>{game.name}</b>
            <button className="btn btn-sm" type="button" onClick={() => choose(undefined)}>
              {t.game}…
            </button>
          </p>
        ) : (
          <GamePicker label={t.game} pick={choose} />
        )
      ) : (
        <Field label={t.folder} hint={t.folderHint} error={problem?.fault("folder")}>
          {(ids) => <input {...ids} className="in" name="folder" required maxLength={255} />}
        </Field>
      )}
      <Field label={t.name} hint={t.nameHint} error={problem?.fault("name")}>
        {(ids) => <input {...ids} className="in" name="name" required maxLength={255} defaultValue="main" />}
      </Field>
      <div>
        <button className={`btn btn-lit${making.isPending ? " is-busy" : ""}`} type="submit" disabled={isGame && !game}>
          {t.make}
        </button>
      </div>
    </form>
  );
}
