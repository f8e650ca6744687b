import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { codeText } from "../../ui/toasts";
import { Door } from "../door/Door";
import styles from "../door/Door.module.css";
import { useWords as useDoorWords } from "../door/words";
import { useFragment } from "../fragment";
import { PasswordField, SubmitButton } from "../PasswordField";
import { useWords } from "./words";
import "../problems";

/** Sets a new password with the code of an email. */
export function ResetPage() {
  const t = useWords();
  const door = useDoorWords();
  const code = useFragment().get("code") ?? undefined;
  return (
    <Door title={t.resetTitle} built={2} links={<Link to="/account/sign-in">{door.toSignIn}</Link>}>
      <ResetForm {...(code === undefined ? {} : { code })} />
    </Door>
  );
}

/** The form that takes the code and the new password. */
export function ResetForm({ email, code }: { email?: string; code?: string }) {
  const t = useWords();
  const door = useDoorWords();
  const setting = useMutation({
    mutationFn: (form: FormData) =>
      ok(
        api.POST("/v1/account/password/reset", {
          body: { code: String(form.get("code")).trim(), password: String(form.get("password")) },
        }),
      ),
  });
  if (setting.isSuccess) {
    return (
      <>
        <p className="note note-ok" role="status">
          <span>{t.set}</span>
        </p>
        <Link className="btn btn-lit" to="/account/sign-in">
          {door.toSignIn}
        </Link>
      </>
    );
  }
  const problem = setting.error ? asProblem(setting.error) : undefined;
  const codeFault = problem?.fault("code") ?? (problem?.code === "code_not_valid" ? codeText("code_not_valid") : undefined);
  const passwordFault = problem?.fault("password");
  return (
    <form onSubmit={onForm(setting.mutate)}>
      {problem && !codeFault && !passwordFault && <Failed error={problem} />}
      {email && <input className="vh" type="email" name="email" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />}
      {code !== undefined && !codeFault ? (
        <input type="hidden" name="code" value={code} />
      ) : (
        <Field label={door.code} hint={door.codeHint} error={codeFault}>
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
      <PasswordField isNew error={passwordFault} />
      <SubmitButton isBusy={setting.isPending}>{t.setPassword}</SubmitButton>
    </form>
  );
}
