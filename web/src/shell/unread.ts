/** How many notices are unread, asked again each minute while the page is seen. */

import { queryOptions } from "@tanstack/react-query";

import { api, ok } from "../api/client";

export const unreadQuery = queryOptions({
  queryKey: ["notices", "unread"],
  queryFn: async () => (await ok(api.GET("/api/notices", { params: { query: { limit: 1 } } }))).unread,
  refetchInterval: 60_000,
});
