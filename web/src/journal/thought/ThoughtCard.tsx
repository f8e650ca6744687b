import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useMe } from "../../account/me";
import { Avatar } from "../../ui/Avatar";
import { Rating } from "../../ui/Cairn";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/toasts";
import { UserText } from "../../ui/UserText";
import { useCommon } from "../../ui/words";
import { useSpeech } from "../../words";
import { HiddenNote } from "../report/HiddenNote";
import { ReportButton } from "../report/ReportButton";
import { Comments } from "./Comments";
import { type Thought, useRemoveThought, useThank } from "./queries";
import style from "./Thought.module.css";
import { ThoughtForm } from "./ThoughtForm";
import { useWords } from "./words";

/** A thought with who wrote it, thanks, and its comments. One's own can be changed where it stands. */
export function ThoughtCard({
  thought,
  areCommentsOpen = false,
  removed,
}: {
  thought: Thought;
  areCommentsOpen?: boolean;
  /** What happens on the page once it is deleted. */
  removed?: () => unknown;
}) {
  const t = useWords();
  const [isEdited, setEdited] = useState(false);
  const name = thought.author ? (thought.author.display_name ?? thought.author.username) : t.somebody;
  return (
    <article className={style["thought"]}>
      <Avatar name={name} />
      <Head thought={thought} name={name} />
      <div>
        {isEdited && thought.game ? (
          <ThoughtForm gameId={thought.game.id} thought={thought} done={() => setEdited(false)} />
        ) : (
          <>
            <HiddenNote reason={thought.hidden} />
            <UserText html={thought.html} spoiler={thought.spoiler} />
            <Foot
              thought={thought}
              edit={() => setEdited(true)}
              areCommentsOpen={areCommentsOpen}
              {...(removed ? { removed } : {})}
            />
          </>
        )}
      </div>
    </article>
  );
}

function Head({ thought, name }: { thought: Thought; name: string }) {
  const t = useWords();
  const common = useCommon();
  const speech = useSpeech();
  const { author, rating, audience, created_at, changed_at } = thought;
  return (
    <div className={style["head"]}>
      {author ? (
        <Link className="b" to="/journal/people/$username" params={{ username: author.username }}>
          {name}
        </Link>
      ) : (
        <b className="b">{name}</b>
      )}
      {rating !== undefined && <Rating value={rating} label={common.rated(rating)} />}
      <Link className="ink3" to="/journal/thoughts/$thoughtId" params={{ thoughtId: thought.id }} preload={false}>
        <time dateTime={created_at} title={speech.dateTime(created_at)}>
          {speech.date(created_at)}
        </time>
      </Link>
      {changed_at && <span className="ink3">{t.edited(speech.ago(changed_at))}</span>}
      {audience !== "public" && (
        <span className="ink3 row">
          <Icon name={audience === "private" ? "lock" : "people"} />
          {audience === "private" ? t.onlyMe : t.forFriends}
        </span>
      )}
    </div>
  );
}

function Foot({
  thought,
  edit,
  areCommentsOpen,
  removed,
}: {
  thought: Thought;
  edit: () => void;
  areCommentsOpen: boolean;
  removed?: () => unknown;
}) {
  const t = useWords();
  const me = useMe();
  const thank = useThank(thought);
  const remove = useRemoveThought();
  const [isOpen, setOpen] = useState(areCommentsOpen);
  const isMine = me.username !== undefined && thought.author?.username === me.username;
  const delta = thank.isPending ? (thought.reacted ? -1 : 1) : 0;
  const reacted = thank.isPending ? !thought.reacted : thought.reacted;
  return (
    <>
      <div className={style["foot"]}>
        {isMine ? (
          thought.reactions > 0 && <span className={`sm ink2 ${style["own-thanks"]}`}>{t.thanks(thought.reactions)}</span>
        ) : (
          <button
            className="btn btn-quiet btn-sm"
            type="button"
            aria-pressed={reacted}
            disabled={thought.reactions_closed && !reacted}
            onClick={() => thank.isPending || thank.mutate()}
          >
            <Icon name="up" />
            {reacted ? t.thanked : t.thank} {thought.reactions + delta > 0 && <span className="num">{thought.reactions + delta}</span>}
          </button>
        )}
        <button className="btn btn-quiet btn-sm" type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon name="note" />
          {t.answers(thought.comments)}
        </button>
        {!isMine && <ReportButton kind="thought" id={thought.id} name={thought.author?.username ?? t.somebody} />}
        {isMine && (
          <>
            <button className="btn btn-quiet btn-sm" type="button" onClick={edit}>
              {t.edit}
            </button>
            <ConfirmButton
              className="btn btn-quiet btn-sm"
              text={t.remove}
              question={t.removeForGood}
              isBusy={remove.isPending}
              act={() =>
                remove.mutate(thought.id, {
                  onSuccess: () => {
                    toast(t.removed);
                    removed?.();
                  },
                })
              }
            />
          </>
        )}
      </div>
      {isOpen && <Comments thought={thought} />}
    </>
  );
}
