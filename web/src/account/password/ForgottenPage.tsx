import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { Door } from "../door/Door";
import { useWords as useDoorWords } from "../door/words";
import { SubmitButton } from "../PasswordField";
import { useProof } from "../proof/proof";
import { forget } from "../requests";
import { ResetForm } from "./ResetPage";
import { useWords } from "./words";
import "../problems";

/** Sends a code with which a password can be set, and takes it. */
export function ForgottenPage() {
  const t = useWords();
  const door = useDoorWords();
  const { proven, shown } = useProof();
  const [email, setEmail] = useState<string>();
  const asking = useMutation({
    mutationFn: async (form: FormData) => {
      const email = String(form.get("email")).trim();
      await proven((headers) => forget(email, headers));
      return email;
    },
    onSuccess: setEmail,
  });
  const problem = asking.error ? asProblem(asking.error) : undefined;
  const fault = problem?.fault("email");
  const links = <Link to="/account/sign-in">{door.toSignIn}</Link>;
  if (email !== undefined) {
    return (
      <Door title={t.resetTitle} text={t.sent(email)} built={2} links={links}>
        <ResetForm email={email} />
        <p className="xs ink3">{door.noLetter}</p>
      </Door>
    );
  }
  return (
    <Door title={t.forgotten} text={t.forgottenText} built={1} links={links}>
      <form onSubmit={onForm(asking.mutate)}>
        {problem && !fault && <Failed error={problem} />}
        <Field label={door.email} error={fault}>
          {(ids) => <input {...ids} className="in" name="email" type="email" autoComplete="username" required maxLength={254} />}
        </Field>
        {shown}
        <SubmitButton isBusy={asking.isPending}>{t.send}</SubmitButton>
      </form>
    </Door>
  );
}
