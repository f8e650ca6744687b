import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { Field } from "../../ui/parts";
import { problemText, toast, toastProblem } from "../../ui/toasts";
import styles from "./Gatherings.module.css";
import { may } from "./may";
import type { Challenge } from "./queries";
import { useMove, useToldMove } from "./useMoves";
import { useWords } from "./words";

/** What a host does: invite, change, call off, say that it took place, delete what is over. */
export function HostBox({ challenge, etag }: { challenge: Challenge; etag: string }) {
  const t = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const move = useToldMove(challenge.id);
  const { change, cancel, remove, complete } = may(challenge);
  const ending = useMutation({
    mutationFn: () =>
      ok(api.DELETE("/api/challenges/{challenge_id}", { params: { path: { challenge_id: challenge.id }, header: { "If-Match": etag } } })),
    onSuccess: async () => {
      toast(remove ? t.removed : t.cancelled);
      if (remove) await navigate({ to: "/journal/gatherings" });
    },
    onError: toastProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ["gatherings"] }),
  });
  return (
    <section className={`card ${styles["answer"]}`} aria-label={t.hosting}>
      {change && <InviteForm id={challenge.id} />}
      <div className="row wrap">
        {complete && (
          <button className="btn btn-lit" type="button" onClick={() => move({ action: "complete" }, t.states.completed)}>
            <Icon name="check" />
            {t.complete}
          </button>
        )}
        {change && (
          <Link className="btn" to="/journal/gatherings/$challengeId" params={{ challengeId: challenge.id }} search={{ change: true }}>
            {t.change}
          </Link>
        )}
        {(cancel || remove) && (
          <button className={`btn btn-bad${ending.isPending ? " is-busy" : ""}`} type="button" onClick={() => ending.mutate()}>
            {cancel ? t.cancel : t.remove}
          </button>
        )}
      </div>
    </section>
  );
}

/** Usernames as somebody types them: with commas or spaces between. */
export function usernames(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

function InviteForm({ id }: { id: string }) {
  const t = useWords();
  const move = useMove(id);
  const problem = move.error ? asProblem(move.error) : undefined;
  return (
    <form
      className="stack-2"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const guests = usernames(String(new FormData(form).get("guests")));
        move.mutate({ action: "invite", guests }, { onSuccess: () => (form.reset(), toast(t.invited)) });
      }}
    >
      <Field label={t.inviteLabel} hint={t.inviteHint} error={problem && (problem.fault("guests") ?? problemText(problem))}>
        {(ids) => <input {...ids} className="in" name="guests" required autoCapitalize="none" autoComplete="off" spellCheck={false} />}
      </Field>
      <div>
        <button className={`btn${move.isPending ? " is-busy" : ""}`} type="submit">
          {t.invite}
        </button>
      </div>
    </form>
  );
}
