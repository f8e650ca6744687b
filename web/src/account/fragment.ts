/** Codes that emails put into the fragment of an address: no server and no log ever sees them. */

import { useEffect, useState } from "react";

/** What the fragment holds (`#code=…&for=email`), read once; the address is cleared of it at once. */
export function useFragment(): URLSearchParams {
  const [fragment] = useState(() => new URLSearchParams(location.hash.slice(1)));
  useEffect(() => {
    if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  }, []);
  return fragment;
}

/** A text of this tab that outlives a visit to another page, such as a code while the person signs in first. */
export const kept = {
  get(name: string): string | undefined {
    try {
      return sessionStorage.getItem(`cairn-${name}`) ?? undefined;
    } catch {
      return undefined; // A browser may refuse storage.
    }
  },
  set(name: string, text: string | undefined) {
    try {
      if (text === undefined) sessionStorage.removeItem(`cairn-${name}`);
      else sessionStorage.setItem(`cairn-${name}`, text);
    } catch {
      // Then the code is typed in again.
    }
  },
};
