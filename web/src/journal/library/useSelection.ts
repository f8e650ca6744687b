import { useCallback, useMemo, useState } from "react";

/** What the API changes at once. */
const MOST = 200;

/** Which games are selected, while games are being selected. */
export interface Selection {
  isOn: boolean;
  ids: ReadonlySet<string>;
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  /** These and no others, as many as can be changed at once. */
  choose: (ids: string[]) => void;
  turn: (on: boolean) => void;
}

/** The selection of a page. */
export function useSelection(): Selection {
  const [isOn, setOn] = useState(false);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (id: string) => setIds((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id].slice(0, MOST))),
    [],
  );
  return useMemo(
    () => ({
      isOn,
      ids,
      has: (id) => ids.has(id),
      toggle,
      choose: (chosen) => setIds(new Set(chosen.slice(0, MOST))),
      turn: (on) => {
        setOn(on);
        if (!on) setIds(new Set());
      },
    }),
    [isOn, ids, toggle],
  );
}
