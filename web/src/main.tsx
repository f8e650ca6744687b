import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { meQuery } from "./account/me";
import { asProblem } from "./api/problem";
import { createPages } from "./routes";

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/app.css";

const RELOADED = "cairn-reloaded";
const RELOAD_MS = 60_000;

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended while a page was open: the next look at who is signed in leads to the sign-in page.
    onError: (error) => {
      if (asProblem(error).status === 401) void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What was refused stays refused; only a server that is away is asked again.
      retry: (times, error) => times < 2 && [0, 502, 503, 504].includes(asProblem(error).status),
    },
  },
});
const pages = createPages(queries);

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof pages;
  }
}

// A part of the pages that is not there any more: the server has another version since they were opened. Loading them again brings
// it; once a minute at most, in case it is something else.
window.addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < RELOAD_MS) return;
  event.preventDefault();
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
});

const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={pages} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
