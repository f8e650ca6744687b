import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useMe } from "../../account/me";
import { api, ok, type Schema } from "../../api/client";
import { Avatar } from "../../ui/Avatar";
import { Answer } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import { Part, Sheet, WorkPage } from "../../ui/work";
import { useStudio } from "../place";
import { isAtLeast, membersQuery, type Role, roles, studiosQuery, useRole } from "../queries";
import { Sure } from "../Sure";
import { useWords as useStudioWords } from "../words";
import { Invitations } from "./Invitations";
import styles from "./MembersPage.module.css";
import { useWords } from "./words";

type Member = Schema<"Member">;

/** Who belongs to a studio, in which role, and who is invited. */
export function MembersPage() {
  const t = useWords();
  const studio = useStudio();
  const role = useRole();
  const members = useQuery(membersQuery(studio));
  return (
    <WorkPage title={t.title} beside={members.data && <span className="ink2 sm">{t.all(members.data.length)}</span>}>
      <Sheet>
        <Answer query={members}>{(items) => <MemberTable studio={studio} items={items} isOwner={isAtLeast(role, "owner")} />}</Answer>
        {isAtLeast(role, "owner") && <Invitations studio={studio} />}
        <RoleList />
      </Sheet>
    </WorkPage>
  );
}

function MemberTable({ studio, items, isOwner }: { studio: string; items: Member[]; isOwner: boolean }) {
  const t = useWords();
  const studioWords = useStudioWords();
  const s = useSpeech();
  const me = useMe();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<Member>();
  const path = (user_id: string) => ({ params: { path: { studio, user_id } } });
  const change = useMutation({
    mutationFn: ({ user_id, role }: { user_id: string; role: Role }) => ok(api.PATCH("/v1/studios/{studio}/members/{user_id}", { ...path(user_id), body: { role } })),
    onSuccess: (member, _) => toast(t.roleChanged(member.email, studioWords.roles[member.role])),
    onError: toastProblem,
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: membersQuery(studio).queryKey }), queries.invalidateQueries({ queryKey: studiosQuery.queryKey })]),
  });
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label={t.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.who}</th>
              <th scope="col">{t.role}</th>
              <th scope="col">{t.since}</th>
              <th scope="col">
                <span className="vh">{t.act}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((member) => {
              const isMe = member.user_id === me.user_id;
              return (
                <tr key={member.user_id}>
                  <th scope="row">
                    <span className="row">
                      <Avatar name={member.email} small />
                      <span className={styles["email"]}>{member.email}</span>
                      {isMe && <span className="tag">{t.you}</span>}
                    </span>
                  </th>
                  <td>
                    {isOwner ? (
                      <select
                        className={`in ${styles["role"]}`}
                        aria-label={t.roleOf(member.email)}
                        value={member.role}
                        onChange={(event) => change.mutate({ user_id: member.user_id, role: event.target.value as Role })}
                      >
                        {roles.map((role) => (
                          <option key={role} value={role}>
                            {studioWords.roles[role]}
                          </option>
                        ))}
                      </select>
                    ) : (
                      studioWords.roles[member.role]
                    )}
                  </td>
                  <td>{s.date(member.since)}</td>
                  <td className="n">
                    {(isOwner || isMe) && (
                      <button className="btn btn-sm btn-bad" type="button" onClick={() => setLeaving(member)}>
                        {isMe ? t.leave : t.remove}
                      </button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {leaving && <RemoveDialog studio={studio} member={leaving} isMe={leaving.user_id === me.user_id} close={() => setLeaving(undefined)} />}
    </>
  );
}

function RemoveDialog({ studio, member, isMe, close }: { studio: string; member: Member; isMe: boolean; close: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/studios/{studio}/members/{user_id}", { params: { path: { studio, user_id: member.user_id } } })),
    onSuccess: async () => {
      toast(t.removed(member.email));
      close();
      if (isMe) await navigate({ to: "/studio" });
      await queries.invalidateQueries({ queryKey: membersQuery(studio).queryKey });
      await queries.invalidateQueries({ queryKey: studiosQuery.queryKey });
    },
    onError: (error) => {
      toastProblem(error);
      close();
    },
  });
  return (
    <Sure title={isMe ? t.leaveTitle : t.removeTitle(member.email)} button={isMe ? t.leave : t.remove} close={close} act={() => remove.mutate()}>
      <p>{t.removeText}</p>
    </Sure>
  );
}

function RoleList() {
  const t = useWords();
  const studioWords = useStudioWords();
  return (
    <Part title={t.rolesTitle} hint={t.rolesHint}>
      <dl className="kv">
        {roles.map((role) => [
          <dt key={`${role} name`}>{studioWords.roles[role]}</dt>,
          <dd key={role}>{t.mayDo[role]}</dd>,
        ])}
      </dl>
    </Part>
  );
}
