import { asProblem } from "../../api/problem";
import { Failed, Field } from "../../ui/parts";
import type { FullGame } from "./queries";
import styles from "./Titles.module.css";
import { useWords } from "./words";

/** What is known of a game, to be corrected. Its fields are read by `factsOf`. */
export function FactsForm({
  game,
  error,
  form,
  save,
  children,
}: {
  game: FullGame;
  error: unknown;
  form: React.RefObject<HTMLFormElement | null>;
  save: () => void;
  children: React.ReactNode;
}) {
  const t = useWords();
  const problem = error ? asProblem(error) : undefined;
  const fault = (field: string) => problem?.fault(field);
  return (
    <form
      ref={form}
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {problem && !problem.body?.errors?.length && <Failed error={problem} />}
      <Text name="name" label={t.fields.name} value={game.name} error={fault("name")} required />
      <div className={styles["two"]}>
        <Text name="released" label={t.fields.released} hint={t.releasedHint} value={game.released} error={fault("released")} pattern="\d{4}(-\d{2}(-\d{2})?)?" />
        <Text name="platforms" label={t.fields.platforms} hint={t.commas} value={game.platforms.join(", ")} error={fault("platforms")} />
        <Text name="developer" label={t.fields.developer} value={game.developer} error={fault("developer")} />
        <Text name="publisher" label={t.fields.publisher} value={game.publisher} error={fault("publisher")} />
      </div>
      <Text name="genres" label={t.fields.genres} hint={t.commas} value={game.genres.join(", ")} error={fault("genres")} />
      <div className={styles["two"]}>
        <Field label={t.fields.other_names} hint={t.lines} error={fault("other_names")}>
          {(ids) => <textarea {...ids} className="in" name="others" rows={3} defaultValue={game.other_names.join("\n")} />}
        </Field>
        <Field label={t.fields.external} hint={t.externalHint} error={fault("external")}>
          {(ids) => (
            <textarea {...ids} className="in" name="external" rows={3} defaultValue={game.external.map(({ source, id }) => `${source} ${id}`).join("\n")} />
          )}
        </Field>
      </div>
      <div className="row wrap">{children}</div>
    </form>
  );
}

function Text({
  label,
  hint,
  error,
  value,
  ...input
}: { label: string; hint?: string; value: string | undefined; error: string | undefined } & React.InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} {...(hint ? { hint } : {})} error={error}>
      {(ids) => <input {...input} {...ids} className="in" defaultValue={value ?? ""} maxLength={250} autoComplete="off" />}
    </Field>
  );
}
