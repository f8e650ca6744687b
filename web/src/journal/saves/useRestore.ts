import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, ok, tagged } from "../../api/client";
import { toast, toastProblem } from "../../ui/toasts";
import type { Save } from "./queries";
import { useWords } from "./words";

async function restore(id: string, number: string) {
  const { etag } = await tagged(api.GET("/api/saves/{save_id}", { params: { path: { save_id: id } } }));
  await ok(
    api.POST("/api/saves/{save_id}/versions/{number}/restore", {
      params: { path: { save_id: id, number }, header: { "If-Match": etag } },
    }),
  );
}

/** Lets the files of a version count, as a new version. The undo does the same with the one that counted before. */
export function useRestore({ id, current }: Save) {
  const t = useWords();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["saves"] });
  return useMutation({
    mutationFn: (number: string) => restore(id, number),
    onSuccess: (_, number) => toast(t.restored(number), current && (() => restore(id, current.number).then(refresh))),
    onError: toastProblem,
    onSettled: refresh,
  });
}
