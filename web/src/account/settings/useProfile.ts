import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import { toast, toastProblem } from "../../ui/toasts";
import { type Me, meQuery, useMe } from "../me";
import { profileOf } from "../requests";
import { useWords } from "./words";

/** A change of one's profile; `null` removes a field. */
export type ProfileChange = {
  [Field in keyof Schema<"ProfileContent">]?: Schema<"ProfileContent">[Field] | null;
};

/** What a stranger sees of oneself: asked again after each change. */
export const strangerKey = ["account", "stranger"];

function changed(me: Me, change: ProfileChange): Schema<"ProfileContent"> {
  const all = { ...profileOf(me), ...change };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== undefined));
}

/** Oneself, and how to change it: what is not named stays. Each change is told with its undo. */
export function useProfile() {
  const me = useMe();
  const queries = useQueryClient();
  const t = useWords();
  const saving = useMutation({
    mutationFn: async (change: ProfileChange) => {
      const now = await ok(api.GET("/api/users"));
      return await ok(api.PUT("/api/users", { body: changed(now, change) }));
    },
    onSuccess: (now) => {
      queries.setQueryData(meQuery.queryKey, now);
      void queries.invalidateQueries({ queryKey: strangerKey });
    },
  });
  /** Changes at once, as a switch does, and offers to take it back. */
  const change = (what: ProfileChange) => {
    const before = Object.fromEntries(Object.keys(what).map((field) => [field, me[field as keyof Me] ?? null])) as ProfileChange;
    queries.setQueryData(meQuery.queryKey, { ...me, ...(changed(me, what) as Partial<Me>) });
    saving.mutate(what, {
      onSuccess: () => toast(t.saved, () => saving.mutateAsync(before)),
      onError: (error) => {
        queries.setQueryData(meQuery.queryKey, me);
        toastProblem(error);
      },
    });
  };
  return { me, saving, change };
}
