/** The signs that are made of stones: the mark, the states of an entry, ratings. */

import type { Schema } from "../api/client";

/** The state of an entry of a library. */
export type State = Schema<"LibraryState">;

const lower = "M2.5 17.5c-1-2 .4-3.6 3-3.9 3.6-.4 7.6-.3 9 .9 1 .9.9 2.2.1 3z";
const middle = "M5 12.6c-.9-1.8.4-3 2.9-3.1 2.7-.2 4.9 0 5.5 1 .4.8.2 1.6-.2 2.1z";
const upper = "M7 8.4c-.5-1.4.5-2.4 2.4-2.5 2-.1 3 .6 3.1 1.5 0 .5-.2.8-.4 1z";

const stones: Record<State, React.ReactNode> = {
  wishlist: <path className="o" d="M3 17.5c-1.3-3.9.6-7 4.2-7.5 4.4-.5 8.3.3 9.5 2.9.8 1.8.6 3.4-.2 4.6z" />,
  ongoing: (
    <>
      <path className="st" d={lower} />
      <path className="st" d={middle} />
    </>
  ),
  completed: (
    <>
      <path className="st" d={lower} />
      <path className="st" d={middle} />
      <path className="st" d={upper} />
      <circle className="l" cx="9.8" cy="2.9" r="1.9" />
    </>
  ),
  paused: (
    <>
      <path className="st" d={lower} />
      <path className="o" d={middle} />
    </>
  ),
  dropped: (
    <>
      <g transform="translate(-1 1) rotate(-16 6 16)">
        <path className="st" d="M1 17.5c-.6-1.5.3-2.6 2-2.8 2.2-.3 4.7-.2 5.6.6.6.7.6 1.6.1 2.2z" />
      </g>
      <path className="o" d="M12 17.5c-.6-1.4.4-2.4 2.4-2.5 2-.1 3.4.6 3.5 1.5 0 .5-.2.8-.4 1z" />
    </>
  ),
};

/** A state as a small cairn: one stone is wanted, two are under way, three and a light are done. */
export function StateSign({ state }: { state: State }) {
  return (
    <svg className="cn" viewBox="0 0 20 20" aria-hidden="true">
      {stones[state]}
    </svg>
  );
}

/** The mark of Cairn. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path className="st" d="M4.5 28.5c-1.8-3.6.6-6.3 5.6-6.8 6.5-.7 13.8-.6 16.4 1.6 1.7 1.5 1.6 3.8.2 5.2z" />
      <path className="st" d="M8.6 20.3c-1.5-3 .7-5 5-5.3 4.6-.3 8.6 0 9.6 1.7.8 1.4.4 2.8-.4 3.6z" />
      <path className="st" d="M11.8 13.6c-.9-2.4.8-4.1 4.1-4.2 3.4-.1 5.2 1 5.3 2.5.1.9-.3 1.4-.7 1.7z" />
      <circle className="l" cx="16.6" cy="4.9" r="2.7" />
    </svg>
  );
}

const STONE = "9.2c-1.2-3.8.6-7.4 4-7.9 3.5-.5 6.2 1.4 6.5 4.6.1 1.5-.2 2.6-.7 3.3z";

/** A rating of 0 to 100 as five stones and the number. `label` says it for those who hear the page. */
export function Rating({ value, label }: { value: number; label: string }) {
  return (
    <span className="rate" role="img" aria-label={label}>
      <svg viewBox="0 0 66 10" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((i) => (
          <path key={i} className={i < Math.round(value / 20) ? "on" : "off"} d={`M${1 + i * 13} ${STONE}`} />
        ))}
      </svg>
      <span aria-hidden="true">{value}</span>
    </span>
  );
}
