import { useEffect } from "react";

/** Names the page in the browser's tab and history while it is shown: "Library · Cairn". */
export function useTitle(title: string | undefined) {
  useEffect(() => {
    document.title = title ? `${title} · Cairn` : "Cairn";
  }, [title]);
}
