/** A distance as rings around oneself: the ring of the band is lit, a farther one lies outside of them. */

import type { Schema } from "../api/client";

/** The bands from near to far. */
export const bands = ["same_area", "under_25_km", "under_50_km", "under_100_km", "farther"] as const satisfies readonly Schema<"Band">[];

/** Decoration: the words beside it say the same. */
export function Rings({ band }: { band: Schema<"Band"> | undefined }) {
  const lit = band ? bands.indexOf(band) : -1;
  return (
    <svg className="rings" viewBox="0 0 40 40" aria-hidden="true">
      {[4, 8, 12, 16, 19].map((r, i) => (
        <circle key={r} className={i === lit ? "on" : "off"} cx="20" cy="20" r={r} strokeDasharray={i === 4 ? "2 2" : undefined} />
      ))}
      <circle className="you" cx="20" cy="20" r="1.8" />
    </svg>
  );
}
