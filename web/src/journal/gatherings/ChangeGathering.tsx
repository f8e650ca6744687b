import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/toasts";
import { type Filled, GatheringForm } from "./GatheringForm";
import { type Challenge, challengeQuery } from "./queries";
import { useWords } from "./words";

/** Changes a gathering as a whole. Where it was changed meanwhile, what was typed stays and can be kept over the newer one. */
export function ChangeGathering({ challenge, etag }: { challenge: Challenge; etag: string }) {
  const t = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { id } = challenge;
  const [start] = useState(challenge);
  const changing = useMutation({
    mutationFn: ({ game: _game, session_type: _type, invited: _invited, ...body }: Filled) =>
      ok(api.PUT("/api/challenges/{challenge_id}", { params: { path: { challenge_id: id }, header: { "If-Match": etag } }, body })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["gatherings"] });
      toast(t.changedNow);
      await navigate({ to: "/journal/gatherings/$challengeId", params: { challengeId: id } });
    },
    // The newer one's tag: the next attempt replaces it.
    onError: (error) => asProblem(error).status === 412 && queries.invalidateQueries({ queryKey: challengeQuery(id).queryKey }),
  });
  const problem = changing.error ? asProblem(changing.error) : undefined;
  const isStale = problem?.status === 412;
  return (
    <div className="stack-5">
      <h1>{t.changeTitle}</h1>
      {isStale && (
        <p className="note note-lit" role="alert">
          <Icon name="warn" />
          <span>{t.stale}</span>
        </p>
      )}
      <GatheringForm start={start} problem={isStale ? undefined : problem} isBusy={changing.isPending} send={changing.mutate} />
    </div>
  );
}
