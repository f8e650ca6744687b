import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { Door, Steps } from "../door/Door";
import { useWords as useDoorWords } from "../door/words";
import { kept } from "../fragment";
import { SubmitButton } from "../PasswordField";
import { useProof } from "../proof/proof";
import { register } from "../requests";
import { NewAccount } from "./NewAccount";
import { useWords } from "./words";
import "../problems";

/** Makes an account: first the address, to which a code is sent; then the code with a username and a password. */
export function RegisterPage() {
  const t = useWords();
  const door = useDoorWords();
  const [email, setEmail] = useState<string>();
  const links = <Link to="/account/sign-in">{t.haveOne}</Link>;
  if (email !== undefined) {
    return (
      <Door title={t.codeTitle} text={t.codeText(email)} built={2} links={links}>
        <Steps names={t.steps} at={1} />
        <NewAccount email={email} />
        <p className="xs ink3">
          {door.noLetter}{" "}
          <button className="link-btn" type="button" onClick={() => setEmail(undefined)}>
            {t.otherAddress}
          </button>
        </p>
      </Door>
    );
  }
  return (
    <Door title={t.title} text={t.text} built={1} links={links}>
      <Steps names={t.steps} at={0} />
      <AddressForm done={setEmail} />
    </Door>
  );
}

function AddressForm({ done }: { done: (email: string) => void }) {
  const t = useWords();
  const door = useDoorWords();
  const { proven, shown } = useProof();
  const asking = useMutation({
    mutationFn: async (form: FormData) => {
      const email = String(form.get("email")).trim();
      await proven((headers) => register(email, headers));
      return email;
    },
    onSuccess: (email) => {
      kept.set("registering", email);
      done(email);
    },
  });
  const problem = asking.error ? asProblem(asking.error) : undefined;
  const fault = problem?.fault("email");
  return (
    <form onSubmit={onForm(asking.mutate)}>
      {problem && !fault && <Failed error={problem} />}
      <Field label={door.email} hint={t.emailHint} error={fault}>
        {(ids) => <input {...ids} className="in" name="email" type="email" autoComplete="username" required maxLength={254} />}
      </Field>
      {shown}
      <SubmitButton isBusy={asking.isPending}>{t.sendCode}</SubmitButton>
    </form>
  );
}
