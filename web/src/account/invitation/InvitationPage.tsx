import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, Navigate } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { onForm } from "../../ui/onForm";
import { Failed, Field } from "../../ui/parts";
import { codeText } from "../../ui/toasts";
import { Door } from "../door/Door";
import styles from "../door/Door.module.css";
import { useWords as useDoorWords } from "../door/words";
import { kept, useFragment } from "../fragment";
import { meQuery } from "../me";
import { SubmitButton } from "../PasswordField";
import { useWords } from "./words";
import "../problems";

const KEPT = "invitation";

/** Takes an invitation into a studio; whoever is signed out signs in first, and the code waits in this tab. */
export function InvitationPage() {
  const t = useWords();
  const door = useDoorWords();
  const code = useFragment().get("code") ?? kept.get(KEPT);
  const me = useQuery(meQuery);
  const accepting = useMutation({
    mutationFn: (form: FormData) => ok(api.POST("/v1/invitations/accept", { body: { code: String(form.get("code")).trim() } })),
    onSuccess: () => kept.set(KEPT, undefined),
  });
  if (me.data === null) {
    kept.set(KEPT, code);
    return <Navigate to="/account/sign-in" search={{ return_to: "/account/invitation" }} />;
  }
  if (accepting.data) {
    const { studio, display_name, role } = accepting.data;
    return (
      <Door title={t.welcome(display_name ?? studio)} text={role && t.youAre(t.roles[role])} built={3}>
        <a className="btn btn-lit" href={`/studio/${studio}`}>
          {t.toStudio}
        </a>
      </Door>
    );
  }
  const problem = accepting.error ? asProblem(accepting.error) : undefined;
  const fault = problem?.fault("code") ?? (problem?.code === "code_not_valid" ? codeText("code_not_valid") : undefined);
  return (
    <Door
      title={t.title}
      text={me.data ? t.text(me.data.email) : undefined}
      built={2}
      links={<Link to="/journal">{door.toJournal}</Link>}
    >
      {me.error && <Failed error={me.error} retry={me.refetch} />}
      <form onSubmit={onForm(accepting.mutate)}>
        {problem && !fault && <Failed error={problem} />}
        {code !== undefined && !fault ? (
          <input type="hidden" name="code" value={code} />
        ) : (
          <Field label={door.code} hint={door.codeHint} error={fault}>
            {(ids) => (
              <input {...ids} className={`in ${styles["code"]}`} name="code" defaultValue={code ?? ""} spellCheck={false} required maxLength={64} />
            )}
          </Field>
        )}
        <SubmitButton isBusy={accepting.isPending}>{t.accept}</SubmitButton>
      </form>
    </Door>
  );
}
