import { useEffect, useMemo, useRef } from "react";

import { cover } from "./cover";

/** The cover of a title, drawn from its name. `letters` where it is wide enough to read them (72 px). */
export function Cover({ name, letters = false }: { name: string; letters?: boolean }) {
  return <div className="cov">{letters ? <Lettered name={name} /> : <Small name={name} />}</div>;
}

function Lettered({ name }: { name: string }) {
  const drawn = useMemo(() => cover(name, true), [name]);
  return (
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
  );
}

/** One node, however many covers a board has. */
function Small({ name }: { name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen) return;
    const drawn = cover(name, false);
    pen.fillStyle = drawn.sky;
    pen.fillRect(0, 0, 150, 200);
    pen.globalAlpha = 0.9;
    pen.fillStyle = drawn.light.colour;
    pen.beginPath();
    pen.arc(drawn.light.x, drawn.light.y, drawn.light.r, 0, Math.PI * 2);
    pen.fill();
    pen.globalAlpha = 1;
    for (const { d, colour, line } of drawn.shapes) {
      const path = new Path2D(d);
      pen.fillStyle = pen.strokeStyle = colour;
      pen.lineWidth = 2.5;
      if (line) pen.stroke(path);
      else pen.fill(path);
    }
  }, [name]);
  return <canvas ref={canvas} width={150} height={200} aria-hidden="true" />;
}
