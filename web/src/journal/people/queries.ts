/** Whom one knows, and how that is changed: following, blocking, each with its undo. */

import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, ok, type Schema } from "../../api/client";
import { toast, toastProblem } from "../../ui/toasts";
import type { List, PeopleSearch } from "./search";
import { useWords } from "./words";

/** Somebody in short, as lists have them. */
export type Card = Pick<Schema<"Card">, "username" | "display_name">;

const LIMIT = 50;
const FOLLOWED_MOST = 500;

/** How a person is called. */
export function nameOf({ username, display_name }: Card): string {
  return display_name ?? username;
}

/** A person, as far as one sees them. */
export function personQuery(username: string) {
  return queryOptions({
    queryKey: ["people", "person", username.toLowerCase()],
    queryFn: () => ok(api.GET("/api/users/{username}", { params: { path: { username } } })),
  });
}

/** The usernames that one follows. */
export const followedQuery = queryOptions({
  queryKey: ["people", "followed-names"],
  queryFn: async () => {
    const names = new Set<string>();
    let after: string | undefined;
    do {
      const query = { list: "followed" as const, limit: 100, ...(after ? { after } : {}) };
      const page = await ok(api.GET("/api/follows", { params: { query } }));
      for (const { username } of page.items) names.add(username);
      after = page.more ? page.next : undefined;
    } while (after && names.size < FOLLOWED_MOST);
    return names;
  },
  staleTime: 60_000,
});

/** One of the lists of people whom one knows. */
export function knownQuery(list: Exclude<List, "found">) {
  return infiniteQueryOptions({
    queryKey: ["people", "known", list],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const paging = { limit: LIMIT, ...(pageParam ? { after: pageParam } : {}) };
      return list === "blocks"
        ? ok(api.GET("/api/blocks", { params: { query: paging } }))
        : ok(api.GET("/api/follows", { params: { query: { list, ...paging } } }));
    },
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
  });
}

/** The people of a search. Without anything asked for, those who have finished a game: the order is by shared games. */
export function foundQuery({ name, within, platform, genre, completed_min, hours_min }: PeopleSearch) {
  const asksNothing = !name && !within && !completed_min && !hours_min;
  return infiniteQueryOptions({
    queryKey: ["people", "found", { name, within, platform, genre, completed_min, hours_min }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET("/api/people", {
          params: {
            query: {
              limit: LIMIT,
              ...(name ? { name } : {}),
              ...(within ? { within } : {}),
              ...(platform ? { platform } : {}),
              ...(genre ? { genre } : {}),
              ...(completed_min ? { completed_min } : {}),
              ...(asksNothing || ((platform || genre) && !completed_min && !hours_min) ? { completed_min: 1 } : {}),
              ...(hours_min ? { minutes_min: hours_min * 60 } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ more, next }) => (more ? next : undefined),
    placeholderData: (before) => before,
  });
}

async function follow(username: string, on: boolean) {
  const params = { params: { path: { username } } };
  await ok(on ? api.PUT("/api/follows/{username}", params) : api.DELETE("/api/follows/{username}", params));
}

async function block(username: string, on: boolean) {
  const params = { params: { path: { username } } };
  await ok(on ? api.PUT("/api/blocks/{username}", params) : api.DELETE("/api/blocks/{username}", params));
}

/** Follows or unfollows, at once, with its undo. */
export function useFollow() {
  const t = useWords();
  const queries = useQueryClient();
  const show = (username: string, on: boolean) => {
    queries.setQueryData(followedQuery.queryKey, (now) => {
      if (!now) return now;
      const next = new Set(now);
      if (on) next.add(username);
      else next.delete(username);
      return next;
    });
    queries.setQueryData(personQuery(username).queryKey, (now) => (now ? { ...now, followed: on } : now));
  };
  const change = async (person: Card, on: boolean) => {
    show(person.username, on);
    try {
      await follow(person.username, on);
    } catch (error) {
      show(person.username, !on);
      throw error;
    } finally {
      void queries.invalidateQueries({ queryKey: ["people", "known"] });
      void queries.invalidateQueries({ queryKey: ["home"] });
    }
  };
  return useMutation({
    mutationFn: ({ person, on }: { person: Card; on: boolean }) => change(person, on),
    onSuccess: (_, { person, on }) => toast(on ? t.nowFollowed(nameOf(person)) : t.notFollowed(nameOf(person)), () => change(person, !on)),
    onError: toastProblem,
  });
}

/** Blocks or unblocks. The undo of a block brings the follow back that it ended. */
export function useBlock() {
  const t = useWords();
  const queries = useQueryClient();
  const change = async (person: Card, on: boolean, wasFollowed: boolean) => {
    await block(person.username, on);
    if (!on && wasFollowed) await follow(person.username, true);
    await queries.invalidateQueries({ queryKey: ["people"] });
    void queries.invalidateQueries({ queryKey: ["home"] });
  };
  return useMutation({
    mutationFn: ({ person, on, wasFollowed = false }: { person: Card; on: boolean; wasFollowed?: boolean }) => change(person, on, wasFollowed),
    onSuccess: (_, { person, on, wasFollowed = false }) =>
      toast(on ? t.nowBlocked(nameOf(person)) : t.notBlocked(nameOf(person)), () => change(person, !on, wasFollowed)),
    onError: toastProblem,
  });
}
