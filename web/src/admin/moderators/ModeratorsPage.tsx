import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";

import { accountQuery } from "../../account/me";
import { asProblem } from "../../api/problem";
import { Avatar } from "../../ui/Avatar";
import { Answer, Failed, Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { appoint, type Moderator, MODERATION, moderatorsQuery } from "../moderation";
import { Part, Sheet, WorkPage } from "../../ui/work";
import styles from "./ModeratorsPage.module.css";
import { useWords } from "./words";

/** Who moderates; administrators appoint and dismiss them. */
export function ModeratorsPage() {
  const t = useWords();
  const account = useQuery(accountQuery);
  const moderators = useQuery(moderatorsQuery);
  const isAdministrator = account.data?.administrator ?? false;
  return (
    <WorkPage title={t.title}>
      <Sheet>
        <p className="sm ink2 prose">
          {t.lead} {!isAdministrator && t.forAdministrators} {t.theirs}
        </p>
        <Answer query={moderators} lines={4}>
          {(people) => (
            <>
              <ul className={styles["list"]}>
                {people.map((person) => (
                  <Row key={person.username} person={person} canDismiss={isAdministrator && !person.administrator} />
                ))}
              </ul>
              {people.every(({ administrator }) => administrator) && <p className="note">{t.onlyYou}</p>}
            </>
          )}
        </Answer>
        {isAdministrator && <Appoint />}
      </Sheet>
    </WorkPage>
  );
}

/** Appoints or dismisses, and says so; dismissing is taken back by appointing again. */
function useAppoint() {
  const t = useWords();
  const queries = useQueryClient();
  const forget = () => queries.invalidateQueries({ queryKey: [MODERATION] });
  return useMutation({
    mutationFn: ({ username, moderates }: { username: string; moderates: boolean }) => appoint(username, moderates),
    onSuccess: async (_, { username, moderates }) => {
      toast(moderates ? t.appointed(username) : t.dismissed(username), async () => {
        await appoint(username, !moderates);
        await forget();
      });
      await forget();
    },
  });
}

function Row({ person: { username, display_name, administrator }, canDismiss }: { person: Moderator; canDismiss: boolean }) {
  const t = useWords();
  const changing = useAppoint();
  const name = display_name ?? username;
  return (
    <li>
      <Avatar name={name} />
      <span className={styles["name"]}>
        <Link className="b" to="/journal/people/$username" params={{ username }}>
          {name}
        </Link>
        {display_name && <span className="ink3 sm"> {username}</span>}
      </span>
      <span className={`tag${administrator ? " tag-info" : ""}`}>{administrator ? t.administrator : t.moderator}</span>
      {canDismiss && (
        <button
          className={`btn btn-sm${changing.isPending ? " is-busy" : ""}`}
          type="button"
          aria-label={`${t.dismiss}: ${name}`}
          onClick={() => changing.mutate({ username, moderates: false }, { onError: toastProblem })}
        >
          {t.dismiss}
        </button>
      )}
    </li>
  );
}

function Appoint() {
  const t = useWords();
  const changing = useAppoint();
  const form = useRef<HTMLFormElement>(null);
  const problem = changing.error ? asProblem(changing.error) : undefined;
  return (
    <Part title={t.appoint}>
      <form
        ref={form}
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          const username = String(new FormData(event.currentTarget).get("username")).trim();
          if (username) changing.mutate({ username, moderates: true }, { onSuccess: () => form.current?.reset() });
        }}
      >
        <Field label={t.username} hint={t.hint} error={problem?.status === 404 ? t.nobody : undefined}>
          {(ids) => <input {...ids} className="in" name="username" required minLength={3} maxLength={32} autoComplete="off" autoCapitalize="none" />}
        </Field>
        <button className={`btn${changing.isPending ? " is-busy" : ""}`} type="submit">
          {t.act}
        </button>
      </form>
      {problem && problem.status !== 404 && <Failed error={problem} />}
    </Part>
  );
}
