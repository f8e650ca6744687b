import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { toast } from "../../ui/toasts";
import { useTitle } from "../../ui/useTitle";
import { type Filled, GatheringForm } from "./GatheringForm";
import { useWords } from "./words";

/** Makes a gathering or a game online, and invites to it. */
export function NewGatheringPage() {
  const t = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  useTitle(t.newTitle);
  const making = useMutation({
    mutationFn: (body: Filled) => ok(api.POST("/api/challenges", { body })),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ["gatherings"] });
      toast(t.created);
      await navigate({ to: "/journal/gatherings/$challengeId", params: { challengeId: id } });
    },
  });
  return (
    <div className="stack-5">
      <header className="stack-1">
        <h1>{t.newTitle}</h1>
        <p className="ink2">{t.newLead}</p>
      </header>
      <GatheringForm problem={making.error ? asProblem(making.error) : undefined} isBusy={making.isPending} send={making.mutate} />
    </div>
  );
}
