import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { Door } from "../door/Door";
import styles from "../door/Door.module.css";
import { useWords as useDoorWords } from "../door/words";
import { useFragment } from "../fragment";
import { PasswordField, SubmitButton } from "../PasswordField";
import { signIn, useEnter } from "../requests";
import { useWords } from "./words";
import "../problems";

/** Makes the first administrator with the code that the program printed at its first start. */
export function SetupPage() {
  const t = useWords();
  const door = useDoorWords();
  const code = useFragment().get("code") ?? undefined;
  const enter = useEnter();
  const making = useMutation({
    mutationFn: async (form: FormData) => {
      const [email, password] = [String(form.get("email")).trim(), String(form.get("password"))];
      await ok(api.POST("/v1/setup", { body: { code: String(form.get("code")).trim(), email, password } }));
      await signIn(email, password, {});
    },
    onSuccess: () => enter("/studio"),
  });
  const problem = making.error ? asProblem(making.error) : undefined;
  if (problem?.code === "code_not_valid") {
    return (
      <Door title={t.usedUp} text={t.usedUpText} built={1} links={<Link to="/account/register">{door.toRegister}</Link>}>
        <Link className="btn btn-lit" to="/account/sign-in">
          {door.toSignIn}
        </Link>
        <button className="btn btn-quiet" type="button" onClick={() => making.reset()}>
          {t.otherCode}
        </button>
      </Door>
    );
  }
  const faults = { code: problem?.fault("code"), email: problem?.fault("email"), password: problem?.fault("password") };
  return (
    <Door title={t.title} text={t.text} built={2} links={<Link to="/account/sign-in">{door.toSignIn}</Link>}>
      <form onSubmit={onForm(making.mutate)}>
        {problem && !faults.code && !faults.email && !faults.password && <Failed error={problem} />}
        <Field label={t.code} hint={t.codeHint} error={faults.code}>
          {(ids) => (
            <input {...ids} className={`in ${styles["code"]}`} name="code" defaultValue={code ?? ""} autoComplete="off" spellCheck={false} required maxLength={64} />
          )}
        </Field>
        <Field label={door.email} error={faults.email}>
          {(ids) => <input {...ids} className="in" name="email" type="email" autoComplete="username" required maxLength={254} />}
        </Field>
        <PasswordField isNew label={door.password} error={faults.password} />
        <SubmitButton isBusy={making.isPending}>{t.make}</SubmitButton>
      </form>
    </Door>
  );
}
