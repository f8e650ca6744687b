import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { codeText } from "../../ui/toasts";
import { Failed, Field } from "../../ui/parts";
import { Door } from "../door/Door";
import styles from "../door/Door.module.css";
import { useWords as useDoorWords } from "../door/words";
import { useFragment } from "../fragment";
import { PasswordField, SubmitButton } from "../PasswordField";
import { useProof } from "../proof/proof";
import { providersQuery, signIn, useEnter } from "../requests";
import { CodeForm } from "./CodeForm";
import { useWords } from "./words";
import "../problems";

/** Signs a person in: with address and password, or with a provider; then, where the account has one, with its second factor. */
export function SignInPage() {
  const t = useWords();
  const door = useDoorWords();
  const { return_to, error } = useSearch({ from: "/doors/account/sign-in" });
  const fragment = useFragment();
  const [challenge, setChallenge] = useState<string | undefined>(fragment.get("challenge") ?? undefined);
  const enter = useEnter();

  if (challenge !== undefined) {
    return (
      <Door title={t.codeTitle} text={t.codeText} built={3}>
        <CodeForm challenge={challenge} done={() => enter(return_to)} again={() => setChallenge(undefined)} />
      </Door>
    );
  }
  return (
    <Door
      title={t.title}
      text={t.text}
      built={3}
      links={
        <>
          <Link to="/account/register">{t.create}</Link>
          <Link to="/account/forgotten">{t.forgotten}</Link>
        </>
      }
    >
      {error && (
        <p className="note note-bad" role="alert">
          <span>{error === "address_taken" ? t.linkInstead : (codeText(error) ?? t.providerFailed)}</span>
        </p>
      )}
      <PasswordForm
        emailLabel={door.email}
        done={(opened) => ("challenge" in opened ? setChallenge(opened.challenge) : enter(return_to))}
      />
      <Providers returnTo={return_to ?? "/journal"} />
    </Door>
  );
}

function PasswordForm({ emailLabel, done }: { emailLabel: string; done: (opened: Awaited<ReturnType<typeof signIn>>) => unknown }) {
  const t = useWords();
  const { proven, shown } = useProof();
  const opening = useMutation({
    mutationFn: (form: FormData) =>
      proven((headers) => signIn(String(form.get("email")).trim(), String(form.get("password")), headers)),
    onSuccess: done,
  });
  const problem = opening.error ? asProblem(opening.error) : undefined;
  return (
    <form onSubmit={onForm(opening.mutate)}>
      {problem && <Failed error={problem} />}
      <Field label={emailLabel} error={problem?.fault("email")}>
        {(ids) => <input {...ids} className="in" name="email" type="email" autoComplete="username" required maxLength={254} />}
      </Field>
      <PasswordField error={problem?.fault("password")} />
      {shown}
      <SubmitButton isBusy={opening.isPending}>{t.signIn}</SubmitButton>
    </form>
  );
}

function Providers({ returnTo }: { returnTo: string }) {
  const t = useWords();
  const { data: providers = [] } = useQuery(providersQuery);
  if (providers.length === 0) return null;
  return (
    <>
      <p className={styles["or"]}>{t.or}</p>
      <div className={styles["providers"]}>
        {providers.map(({ id, display_name }) => (
          <a
            key={id}
            className="btn"
            href={`/v1/account/oidc/${encodeURIComponent(id)}/start?return_to=${encodeURIComponent(returnTo)}`}
          >
            {t.signInWith(display_name)}
          </a>
        ))}
      </div>
    </>
  );
}
