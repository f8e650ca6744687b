import { useMemo } from "react";

import { cover } from "./cover";

/** The cover of a title, drawn from its name. `letters` where it is wide enough to read them (72 px). */
export function Cover({ name, letters = false }: { name: string; letters?: boolean }) {
  const drawn = useMemo(() => cover(name, letters), [name, letters]);
  return (
    <div className="cov">
      <svg viewBox="0 0 150 200" aria-hidden="true">
        <path fill={drawn.sky} d="M0 0h150v200H0z" />
        <circle cx={drawn.light.x} cy={drawn.light.y} r={drawn.light.r} fill={drawn.light.colour} opacity=".9" />
        {drawn.shapes.map(({ d, colour, line }, i) =>
          line ? (
            <path key={i} d={d} fill="none" stroke={colour} strokeWidth="2.5" />
          ) : (
            <path key={i} d={d} fill={colour} />
          ),
        )}
        <text fill={drawn.letters.colour} fontSize={drawn.letters.size}>
          {drawn.letters.lines.map(({ text, y }) => (
            <tspan key={y} x="12" y={y}>
              {text}
            </tspan>
          ))}
        </text>
      </svg>
    </div>
  );
}
