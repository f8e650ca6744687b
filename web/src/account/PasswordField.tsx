import { useState } from "react";

import { Icon } from "../ui/Icon";
import { Field } from "../ui/parts";
import styles from "./door/Door.module.css";
import { useWords } from "./door/words";

/** A password that can be looked at. `isNew` where one is chosen: then password managers offer one. */
export function PasswordField({
  label,
  name = "password",
  isNew = false,
  error,
}: {
  label?: string;
  name?: string;
  isNew?: boolean;
  error?: string | undefined;
}) {
  const t = useWords();
  const [isShown, setShown] = useState(false);
  return (
    <Field label={label ?? (isNew ? t.newPassword : t.password)} hint={isNew ? t.passwordHint : undefined} error={error}>
      {(ids) => (
        <span className={styles["secret"]}>
          <input
            {...ids}
            className="in"
            name={name}
            type={isShown ? "text" : "password"}
            autoComplete={isNew ? "new-password" : "current-password"}
            autoCapitalize="none"
            spellCheck={false}
            required
            {...(isNew ? { minLength: 8 } : {})}
            maxLength={128}
          />
          <button
            className="btn btn-quiet btn-icon"
            type="button"
            aria-label={t.show}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          >
            <Icon name={isShown ? "hide" : "eye"} />
          </button>
        </span>
      )}
    </Field>
  );
}

/** The button that sends a form; it turns while the answer is awaited. */
export function SubmitButton({ isBusy, children }: { isBusy: boolean; children: React.ReactNode }) {
  return (
    <button className={`btn btn-lit${isBusy ? " is-busy" : ""}`} type="submit" aria-busy={isBusy}>
      {children}
    </button>
  );
}
