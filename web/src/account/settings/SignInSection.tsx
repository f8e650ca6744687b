import { useMutation, useQuery } from "@tanstack/react-query";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { codeText, toast } from "../../ui/toasts";
import { useMe } from "../me";
import { PasswordField } from "../PasswordField";
import { IdentitiesPart } from "./IdentitiesPart";
import { SecondFactorPart } from "./SecondFactorPart";
import { Section, Part } from "./sections";
import { SessionsPart } from "./SessionsPart";
import { useWords } from "./words";

/** Everything about getting in: address, password, second factor, linked providers, and the open sessions. */
export function SignInSection() {
  const t = useWords();
  const account = useQuery({ queryKey: ["account"], queryFn: () => ok(api.GET("/v1/account")) });
  return (
    <Section title={t.sections["sign-in"]} lead={t.signInLead}>
      <EmailPart />
      <PasswordPart hasPassword={account.data?.password_at !== undefined} since={account.data?.password_at} />
      <SecondFactorPart />
      <IdentitiesPart />
      <SessionsPart />
    </Section>
  );
}

function EmailPart() {
  const t = useWords();
  const { email } = useMe();
  const changing = useMutation({
    mutationFn: (form: FormData) =>
      ok(
        api.POST("/v1/account/email/change", {
          body: { email: String(form.get("email")).trim(), password: String(form.get("password")) },
        }),
      ),
  });
  const problem = changing.error ? asProblem(changing.error) : undefined;
  const faults = {
    email: problem?.fault("email") ?? (problem?.code === "address_taken" ? codeText("address_taken") : undefined),
    password: problem?.fault("password") ?? (problem?.code === "wrong_password" ? codeText("wrong_password") : undefined),
  };
  return (
    <Part title={t.address} lead={t.addressIs(email)}>
      {changing.data ? (
        <p className="note note-ok" role="status">
          <span>{t.addressSent(changing.data.email)}</span>
        </p>
      ) : (
        <details className="fold">
          <summary>{t.changeAddress}</summary>
          <form onSubmit={onForm(changing.mutate)}>
            {problem && !faults.email && !faults.password && <Failed error={problem} />}
            <Field label={t.newAddress} hint={t.newAddressHint} error={faults.email}>
              {(ids) => <input {...ids} className="in" name="email" type="email" autoComplete="email" required maxLength={254} />}
            </Field>
            <PasswordField error={faults.password} />
            <div>
              <button className={`btn${changing.isPending ? " is-busy" : ""}`} type="submit">
                {t.sendConfirmation}
              </button>
            </div>
          </form>
        </details>
      )}
    </Part>
  );
}

function PasswordPart({ hasPassword, since }: { hasPassword: boolean; since: string | undefined }) {
  const t = useWords();
  const { email } = useMe();
  const changing = useMutation({
    mutationFn: (form: FormData) =>
      ok(
        api.POST("/v1/account/password/change", {
          body: { current: String(form.get("current")), password: String(form.get("password")) },
        }),
      ),
    onSuccess: () => toast(t.passwordChanged),
  });
  const problem = changing.error ? asProblem(changing.error) : undefined;
  const faults = {
    current: problem?.fault("current") ?? (problem?.code === "wrong_password" ? codeText("wrong_password") : undefined),
    password: problem?.fault("password"),
  };
  if (!hasPassword) {
    return (
      <Part title={t.password} lead={t.noPassword}>
        <a href="/account/forgotten">{t.setPassword}</a>
      </Part>
    );
  }
  return (
    <Part title={t.password} lead={since && t.passwordSince(since)}>
      <details className="fold">
        <summary>{t.changePassword}</summary>
        <form
          key={changing.isSuccess ? changing.submittedAt : undefined}
          onSubmit={onForm(changing.mutate)}
        >
          {problem && !faults.current && !faults.password && <Failed error={problem} />}
          <input className="vh" type="email" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />
          <PasswordField name="current" label={t.currentPassword} error={faults.current} />
          <PasswordField isNew error={faults.password} />
          <div>
            <button className={`btn${changing.isPending ? " is-busy" : ""}`} type="submit">
              {t.changePassword}
            </button>
          </div>
        </form>
      </details>
    </Part>
  );
}
