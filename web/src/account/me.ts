/** Who is signed in. */

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, ok, type Schema } from "../api/client";
import { asProblem } from "../api/problem";

/** The signed-in user. */
export type Me = Schema<"Me">;

/** Asks who is signed in; `null` where nobody is. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await ok(api.GET("/api/users"));
    } catch (error) {
      if (asProblem(error).status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** What the account is, with its powers over the installation. */
export type Account = Schema<"Account">;

/** The account of the signed-in user. */
export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: async (): Promise<Account> => await ok(api.GET("/v1/account")),
  staleTime: 60_000,
});

/** The signed-in user, on a page that only they see. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("nobody is signed in");
  return data;
}

/** Forgets all that was read: after signing in or out. */
export function useForgetAll(): () => void {
  const client = useQueryClient();
  return () => client.clear();
}
