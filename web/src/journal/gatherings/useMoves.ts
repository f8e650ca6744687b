import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import { toast, toastProblem } from "../../ui/toasts";

/** Sends a move of a host or a guest; lists and the page show what became of it. */
export function useMove(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"ChallengeMoveContent">) =>
      ok(api.POST("/api/challenges/{challenge_id}/moves", { params: { path: { challenge_id: id } }, body })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["gatherings"] }),
    onError: toastProblem,
  });
}

/** The same, with a word when it is done. */
export function useToldMove(id: string) {
  const move = useMove(id);
  return (body: Schema<"ChallengeMoveContent">, text: string, undo?: Schema<"ChallengeMoveContent">) =>
    move.mutate(body, { onSuccess: () => toast(text, undo && (() => move.mutateAsync(undo))) });
}
