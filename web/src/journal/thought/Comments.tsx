import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useMe } from "../../account/me";
import { api, ok, type Schema } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Avatar } from "../../ui/Avatar";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { Answer, Failed, Field } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { HiddenNote } from "../report/HiddenNote";
import { ReportButton } from "../report/ReportButton";
import { commentsQuery, type Thought, useForgetThoughts } from "./queries";
import style from "./Thought.module.css";
import { useWords } from "./words";

/** The comments on a thought, and the field for one's own. */
export function Comments({ thought }: { thought: Thought }) {
  const t = useWords();
  const common = useCommon();
  const comments = useInfiniteQuery(commentsQuery(thought.id));
  return (
    <div className={style["comments"]}>
      <Answer query={comments} lines={2}>
        {({ pages }) => {
          const items = pages.flatMap(({ items }) => items);
          return items.length === 0 ? (
            <p className="sm ink3">{t.noComments}</p>
          ) : (
            <ul className="stack">
              {items.map((comment) => (
                <CommentItem key={comment.id} comment={comment} thought={thought} />
              ))}
            </ul>
          );
        }}
      </Answer>
      {comments.hasNextPage && (
        <button className="btn btn-quiet btn-sm" type="button" onClick={() => void comments.fetchNextPage()}>
          {common.more}
        </button>
      )}
      {thought.comments_closed ? <p className="sm ink3">{t.closed}</p> : <NewComment thought={thought} />}
    </div>
  );
}

type Comment = Schema<"Comment">;

function CommentItem({ comment, thought }: { comment: Comment; thought: Thought }) {
  const t = useWords();
  const speech = useSpeech();
  const me = useMe();
  const forget = useForgetThoughts();
  const { author } = comment;
  const name = author ? (author.display_name ?? author.username) : t.somebody;
  const isOwn = author !== undefined && author.username === me.username;
  const mayRemove = isOwn || thought.author?.username === me.username;
  const remove = useMutation({
    mutationFn: () =>
      ok(api.DELETE("/api/thoughts/{thought_id}/comments/{comment_id}", { params: { path: { thought_id: thought.id, comment_id: comment.id } } })),
    onSuccess: async () => {
      toast(t.commentRemoved);
      await forget();
    },
    onError: toastProblem,
  });
  return (
    <li className={style["comment"]}>
      <Avatar name={name} small />
      <div>
        <p className={style["head"]}>
          {author ? (
            <Link className="b" to="/journal/people/$username" params={{ username: author.username }}>
              {name}
            </Link>
          ) : (
            <b className="b">{name}</b>
          )}
          <time className="ink3" dateTime={comment.created_at}>
            {speech.ago(comment.created_at)}
          </time>
          {mayRemove && (
            <ConfirmButton
              className="btn btn-quiet btn-sm"
              text={t.remove}
              question={t.removeForGood}
              isBusy={remove.isPending}
              act={() => remove.mutate()}
            />
          )}
          {!isOwn && <ReportButton kind="comment" id={comment.id} name={name} />}
        </p>
        <HiddenNote reason={comment.hidden} />
        <p className={style["plain"]}>{comment.text}</p>
      </div>
    </li>
  );
}

function NewComment({ thought }: { thought: Thought }) {
  const t = useWords();
  const forget = useForgetThoughts();
  const [text, setText] = useState("");
  const send = useMutation({
    mutationFn: () =>
      ok(api.POST("/api/thoughts/{thought_id}/comments", { params: { path: { thought_id: thought.id } }, body: { text: text.trim() } })),
    onSuccess: async () => {
      setText("");
      await forget();
    },
  });
  const problem = send.error ? asProblem(send.error) : undefined;
  return (
    <form
      className="stack-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") send.mutate();
      }}
    >
      <Field label={t.comment} hint={t.commentHint} error={problem?.fault("text")}>
        {(ids) => <textarea {...ids} className="in" rows={2} maxLength={500} value={text} onChange={(e) => setText(e.target.value)} />}
      </Field>
      {problem && !problem.fault("text") && <Failed error={problem} />}
      <div className="row">
        <button className={`btn btn-sm${send.isPending ? " is-busy" : ""}`} type="submit" disabled={text.trim() === "" || send.isPending}>
          {t.send}
        </button>
      </div>
    </form>
  );
}
