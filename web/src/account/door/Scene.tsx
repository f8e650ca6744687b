import { memo, useId } from "react";

import styles from "./Door.module.css";
import { HEIGHT, land, WIDTH } from "./scene";

const drawn = land();

/** How far the cairn on the ridge is built: what is wanted, under way, or done and lit. */
export type Built = 1 | 2 | 3;

const stones = [
  "M4.5 28.5c-1.8-3.6.6-6.3 5.6-6.8 6.5-.7 13.8-.6 16.4 1.6 1.7 1.5 1.6 3.8.2 5.2z",
  "M8.6 20.3c-1.5-3 .7-5 5-5.3 4.6-.3 8.6 0 9.6 1.7.8 1.4.4 2.8-.4 3.6z",
  "M11.8 13.6c-.9-2.4.8-4.1 4.1-4.2 3.4-.1 5.2 1 5.3 2.5.1.9-.3 1.4-.7 1.7z",
] as const;

/** Stars, at places that never change. */
const stars = Array.from({ length: 46 }, (_, i) => ({
  x: (i * 379 + 61) % WIDTH,
  y: ((i * i * 53 + i * 97) % 260) + 8,
  r: 0.6 + ((i * 7) % 5) / 6,
}));

/** Ridges in the fog, a trail, and one cairn; its light burns once it is built. Only decoration. */
export const Scene = memo(function Scene({ built }: { built: Built }) {
  const id = useId();
  const { x, y } = drawn.summit;
  return (
    <svg className={styles["scene"]} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="xMaxYMid slice" aria-hidden="true">
      <defs>
        <radialGradient id={`${id}glow`}>
          <stop className={styles["glow-in"]} offset="0" />
          <stop className={styles["glow-mid"]} offset=".4" />
          <stop className={styles["glow-out"]} offset="1" />
        </radialGradient>
        <radialGradient id={`${id}fog`}>
          <stop className={styles["fog-in"]} offset="0" />
          <stop className={styles["fog-out"]} offset="1" />
        </radialGradient>
        <linearGradient id={`${id}sky`} x2="0" y2="1">
          <stop className={styles["sky-high"]} offset="0" />
          <stop className={styles["sky-low"]} offset=".55" />
        </linearGradient>
      </defs>
      <path fill={`url(#${id}sky)`} d={`M0 0h${WIDTH}v${HEIGHT}H0z`} />
      <g className={styles["stars"]}>
        {stars.map((star, i) => (
          <circle key={i} cx={star.x} cy={star.y} r={star.r} />
        ))}
      </g>
      <ellipse cx={WIDTH * 0.72} cy={HEIGHT * 0.34} rx={WIDTH * 0.5} ry={HEIGHT * 0.42} fill={`url(#${id}fog)`} />
      {drawn.ridges.map(({ depth, ground, edge, stones: trail }, i) => (
        <g key={i} style={{ "--depth": depth } as React.CSSProperties}>
          <path className={styles["ground"]} d={ground} />
          <path className={`${styles["edge"]}${i % 6 === 0 ? ` ${styles["edge-strong"]}` : ""}`} d={edge} />
          {trail.map((stone, j) => (
            <ellipse key={j} className={styles["trail"]} cx={stone.x} cy={stone.y} rx={stone.r} ry={stone.r * 0.6} />
          ))}
          {(i === 12 || i === 21 || i === 31) && (
            <g className={styles["fog"]}>
              {[0, 1, 2].map((j) => (
                <ellipse
                  key={j}
                  cx={((j * 0.41 + i * 0.13) % 1.2) * WIDTH}
                  cy={HEIGHT * (0.28 + 0.0155 * i)}
                  rx={WIDTH * 0.3}
                  ry={34 + i}
                  fill={`url(#${id}fog)`}
                />
              ))}
            </g>
          )}
        </g>
      ))}
      <g className={built === 3 ? styles["lit"] : styles["unlit"]}>
        <circle cx={x} cy={y - 40} r="170" fill={`url(#${id}glow)`} />
        <g transform={`translate(${x - 24} ${y - 42}) scale(1.5)`}>
          {stones.map((stone, i) => (
            <path key={stone} className={i < built ? styles["stone"] : styles["wanted"]} d={stone} />
          ))}
          <circle className={styles["lamp"]} cx="16.6" cy="4.9" r="2.9" />
        </g>
      </g>
    </svg>
  );
});
