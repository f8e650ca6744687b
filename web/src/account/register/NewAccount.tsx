import { useMutation } from "@tanstack/react-query";

import { api, ok } from "../../api/client";
import { asProblem, type Problem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { codeText } from "../../ui/toasts";
import styles from "../door/Door.module.css";
import { useWords as useDoorWords } from "../door/words";
import { kept } from "../fragment";
import { PasswordField, SubmitButton } from "../PasswordField";
import { signIn, useEnter } from "../requests";
import { useWords } from "./words";

/** Faults of a refusal beside the fields that they are about. */
function faultsOf(problem: Problem | undefined) {
  const about = (code: string) => (problem?.code === code ? codeText(code) : undefined);
  return {
    code: problem?.fault("code") ?? about("code_not_valid"),
    username: problem?.fault("username") ?? about("username_taken"),
    password: problem?.fault("password"),
  };
}

/**
 * The second step of making an account: the emailed code (already there if the person came by the email's link), a username and a
 * password. Then the person is signed in.
 */
export function NewAccount({ email, code }: { email?: string | undefined; code?: string }) {
  const t = useWords();
  const door = useDoorWords();
  const enter = useEnter();
  const making = useMutation({
    mutationFn: async (form: FormData) => {
      const password = String(form.get("password"));
      const sent = { code: String(form.get("code")).trim(), username: String(form.get("username")).trim(), password };
      const made = await ok(api.POST("/api/users", { body: sent }));
      if ("user_id" in made) await signIn(made.email, password, {});
    },
    onSuccess: () => {
      kept.set("registering", undefined);
      return enter("/journal");
    },
  });
  const problem = making.error ? asProblem(making.error) : undefined;
  const faults = faultsOf(problem);
  const isElsewhere = problem && !faults.code && !faults.username && !faults.password;
  return (
    <form onSubmit={onForm(making.mutate)}>
      {isElsewhere && <Failed error={problem} />}
      {email && <input className="vh" type="email" name="email" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />}
      {code !== undefined && !faults.code ? (
        <input type="hidden" name="code" value={code} />
      ) : (
        <Field label={door.code} hint={door.codeHint} error={faults.code}>
          {(ids) => (
            <input
              {...ids}
              className={`in ${styles["code"]}`}
              name="code"
              defaultValue={code ?? ""}
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              required
              maxLength={64}
            />
          )}
        </Field>
      )}
      <UsernameField error={faults.username} />
      <PasswordField isNew label={door.password} error={faults.password} />
      <SubmitButton isBusy={making.isPending}>{t.create}</SubmitButton>
    </form>
  );
}

/** Where a username is chosen. */
export function UsernameField({ error, start = "" }: { error: string | undefined; start?: string }) {
  const door = useDoorWords();
  return (
    <Field label={door.username} hint={door.usernameHint} error={error}>
      {(ids) => (
        <input
          {...ids}
          className="in"
          name="username"
          defaultValue={start}
          autoComplete="nickname"
          autoCapitalize="none"
          spellCheck={false}
          required
          minLength={3}
          maxLength={32}
          pattern="[A-Za-z0-9]([A-Za-z0-9_\-]*[A-Za-z0-9])?"
        />
      )}
    </Field>
  );
}
