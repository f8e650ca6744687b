import { useMutation } from "@tanstack/react-query";

import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { problemText } from "../../ui/toasts";
import styles from "../door/Door.module.css";
import { SubmitButton } from "../PasswordField";
import { secondFactor } from "../requests";
import { useWords } from "./words";

/** Asks for the second factor. `again` goes back to the password when the challenge is over. */
export function CodeForm({ challenge, done, again }: { challenge: string; done: () => unknown; again: () => void }) {
  const t = useWords();
  const answering = useMutation({
    mutationFn: (form: FormData) => secondFactor(challenge, String(form.get("code"))),
    onSuccess: done,
  });
  const problem = answering.error ? asProblem(answering.error) : undefined;
  const isOver = problem?.code === "challenge_not_valid";
  return (
    <form onSubmit={onForm(answering.mutate)}>
      {problem && isOver && <Failed error={problem} />}
      <Field label={t.code} hint={t.codeHint} error={problem && !isOver ? (problem.fault("code") ?? problemText(problem)) : undefined}>
        {(ids) => (
          <input
            {...ids}
            className={`in ${styles["code"]}`}
            name="code"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            maxLength={40}
          />
        )}
      </Field>
      <SubmitButton isBusy={answering.isPending}>{t.signIn}</SubmitButton>
      <button className="btn btn-quiet" type="button" onClick={again}>
        {t.again}
      </button>
    </form>
  );
}
