import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Answer, Failed, Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { Part } from "../../ui/work";
import { type Role, roles } from "../queries";
import { useWords as useStudioWords } from "../words";
import styles from "./MembersPage.module.css";
import { useWords } from "./words";

const invitationsQuery = (studio: string) => ({
  queryKey: ["studio", studio, "invitations"],
  queryFn: async () => (await ok(api.GET("/v1/studios/{studio}/invitations", { params: { path: { studio } } }))).items,
});

/** Who is invited into a studio, and the way to invite another. */
export function Invitations({ studio }: { studio: string }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const queries = useQueryClient();
  const invitations = useQuery(invitationsQuery(studio));
  const withdraw = useMutation({
    mutationFn: (invitation_id: string) => ok(api.DELETE("/v1/studios/{studio}/invitations/{invitation_id}", { params: { path: { studio, invitation_id } } })),
    onSuccess: () => toast(t.withdrawn),
    onError: toastProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: invitationsQuery(studio).queryKey }),
  });
  return (
    <>
      <Part title={t.invitations}>
        <Answer query={invitations} lines={1}>
          {(items) =>
            items.length === 0 ? (
              <p className="sm ink2">{t.noInvitations}</p>
            ) : (
              <ul className={styles["invitations"]}>
                {items.map((invitation) => (
                  <li key={invitation.invitation_id}>
                    <span className={styles["email"]}>{invitation.email}</span>
                    <span className="sm ink2">
                      {studioWords.roles[invitation.role]}, {t.expires(s.ago(invitation.expires_at))}
                    </span>
                    <button className="btn btn-sm" type="button" onClick={() => withdraw.mutate(invitation.invitation_id)}>
                      {t.withdraw}
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </Part>
      <InviteForm studio={studio} />
    </>
  );
}

function InviteForm({ studio }: { studio: string }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("developer");
  const inviting = useMutation({
    mutationFn: () => ok(api.POST("/v1/studios/{studio}/invitations", { params: { path: { studio } }, body: { email, role } })),
    onSuccess: async () => {
      toast(t.sent(email));
      setEmail("");
      await queries.invalidateQueries({ queryKey: invitationsQuery(studio).queryKey });
    },
  });
  const problem = inviting.error ? asProblem(inviting.error) : undefined;
  const fault = problem?.fault("email");
  return (
    <Part title={t.invite} hint={t.inviteHint}>
      <form
        className={styles["invite"]}
        onSubmit={(event) => {
          event.preventDefault();
          inviting.mutate();
        }}
      >
        <Field label={t.email} error={fault}>
          {(ids) => <input {...ids} className="in" type="email" name="email" required autoComplete="off" value={email} onChange={(event) => setEmail(event.target.value)} />}
        </Field>
        <Field label={t.role}>
          {(ids) => (
            <select {...ids} className="in" value={role} onChange={(event) => setRole(event.target.value as Role)}>
              {roles.map((each) => (
                <option key={each} value={each}>
                  {studioWords.roles[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button className={`btn btn-lit${inviting.isPending ? " is-busy" : ""}`} type="submit" disabled={inviting.isPending}>
          {t.send}
        </button>
      </form>
      {problem && !fault && <Failed error={problem} />}
    </Part>
  );
}
