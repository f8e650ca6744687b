import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { Answer, Failed, Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import styles from "./AccountPage.module.css";
import { Section } from "./sections";
import { useWords } from "./words";

const queryKey = ["app-passwords"];
const MOST = 20;

/** Passwords for programs that keep saves. */
export function ProgramsSection() {
  const t = useWords();
  return (
    <Section title={t.sections.programs} lead={t.programsLead}>
      <AppPasswords />
      <p className="sm ink2">
        {t.programsHow} <Link to="/journal/saves">{t.toSaves}</Link>
      </p>
    </Section>
  );
}

/** Makes app passwords, shows a new one once, and revokes them. */
export function AppPasswords() {
  const t = useWords();
  const common = useCommon();
  const queries = useQueryClient();
  const passwords = useQuery({ queryKey, queryFn: async () => (await ok(api.GET("/api/app-passwords"))).items });
  const making = useMutation({
    mutationFn: (name: string) => ok(api.POST("/api/app-passwords", { body: { name } })),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  const problem = making.error ? asProblem(making.error) : undefined;
  const fault = problem?.fault("name");
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    toast(common.copied);
  };
  return (
    <div className="stack">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          making.mutate(String(new FormData(form).get("name")).trim(), { onSuccess: () => form.reset() });
        }}
      >
        {problem && !fault && <Failed error={problem} />}
        <Field label={t.programName} hint={t.programNameHint} error={fault}>
          {(ids) => <input {...ids} className="in" name="name" required maxLength={64} placeholder="Steam Deck" autoComplete="off" />}
        </Field>
        <div>
          <button className={`btn${making.isPending ? " is-busy" : ""}`} type="submit">
            <Icon name="plus" />
            {t.makePassword}
          </button>
        </div>
      </form>
      {making.data && (
        <div className={styles["once"]} role="status">
          <b>{t.passwordOnce(making.data.app_password.name)}</b>
          <code>{making.data.password}</code>
          <div>
            <button className="btn" type="button" onClick={() => void copy(making.data.password)}>
              <Icon name="copy" />
              {common.copy}
            </button>
          </div>
        </div>
      )}
      <Answer query={passwords} lines={2}>
        {(items) => (items.length === 0 ? <p className="sm ink3">{t.noPasswords(MOST)}</p> : <List items={items} />)}
      </Answer>
    </div>
  );
}

function List({ items }: { items: Schema<"AppPassword">[] }) {
  const t = useWords();
  const s = useSpeech();
  const queries = useQueryClient();
  const revoke = async ({ id, name }: Schema<"AppPassword">) => {
    try {
      await ok(api.DELETE("/api/app-passwords/{password_id}", { params: { path: { password_id: id } } }));
      await queries.invalidateQueries({ queryKey });
      toast(t.revoked(name));
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <ul className={styles["rows"]}>
      {items.map((password) => (
        <li key={password.id}>
          <Icon name="key" />
          <span>
            <b>{password.name}</b>
            <span className="sm ink2"> {password.used_at ? t.usedAgo(s.ago(password.used_at)) : t.neverUsed}</span>
          </span>
          <button className="btn btn-sm" type="button" onClick={() => void revoke(password)}>
            {t.revoke}
            <span className="vh"> {password.name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
