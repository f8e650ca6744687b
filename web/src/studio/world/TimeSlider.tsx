import { useEffect, useState } from "react";
import { Slider, SliderThumb, SliderTrack } from "react-aria-components";

import { Icon } from "../../ui/Icon";
import { useSpeech } from "../../words";
import { signOf } from "../kinds";
import type { ScopeMap } from "./map";
import styles from "./WorldPage.module.css";
import { useWords } from "./words";

/** The bars of the histogram of times. */
export const BARS = 48;
const STEP_MS = 350;

/** Between which bars traces are shown; from 0 to 48. */
export type Span = [from: number, to: number];

/** When a bar begins. */
export function timeOfBar(map: ScopeMap, bar: number): number {
  const [from, to] = [Date.parse(map.times.from), Date.parse(map.times.to)];
  return from + ((to - from) * bar) / BARS;
}

/** When traces were left, as bars, and the part of that time which the map shows. */
export function TimeSlider({ map, span, onSpan }: { map: ScopeMap; span: Span; onSpan: (span: Span) => void }) {
  const t = useWords();
  const s = useSpeech();
  const [isPlaying, setPlaying] = useState(false);
  const [from, to] = span;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      if (to >= BARS) setPlaying(false);
      else onSpan([from + 1, to + 1]);
    }, STEP_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, from, to, onSpan]);
  const play = () => {
    if (!isPlaying && to >= BARS) {
      const width = Math.min(to - from, 8);
      onSpan([0, width]);
    }
    setPlaying(!isPlaying);
  };
  const dateOf = (bar: number) => (bar >= BARS ? t.now : s.date(new Date(timeOfBar(map, bar))));
  const totals = Array.from({ length: BARS }, (_, bar) => map.kinds.reduce((sum, { bars }) => sum + (bars[bar] ?? 0), 0));
  const most = Math.max(1, ...totals);
  return (
    <div className={styles["time"]}>
      <button className="btn btn-icon btn-sm" type="button" aria-label={isPlaying ? t.stopDays : t.playDays} aria-pressed={isPlaying} onClick={play}>
        <Icon name={isPlaying ? "x" : "play"} />
      </button>
      <Slider className={styles["slider"] ?? ""} aria-label={t.time} minValue={0} maxValue={BARS} value={span} onChange={(value) => onSpan(value as Span)}>
        <Bars bars={map.kinds.map(({ bars }) => bars)} kinds={map.kinds.map(({ kind }) => signOf(kind))} most={most} span={span} />
        <SliderTrack className={styles["track"] ?? ""}>
          <SliderThumb index={0} className={styles["thumb"] ?? ""} aria-label={t.timeFrom} />
          <SliderThumb index={1} className={styles["thumb"] ?? ""} aria-label={t.timeTo} />
        </SliderTrack>
      </Slider>
      <span className={`num ${styles["span"]}`}>
        {dateOf(from)} – {dateOf(to)}
      </span>
    </div>
  );
}

function Bars({ bars, kinds, most, span: [from, to] }: { bars: number[][]; kinds: string[]; most: number; span: Span }) {
  return (
    <svg className={styles["bars"]} viewBox="0 0 480 34" preserveAspectRatio="none" aria-hidden="true">
      {Array.from({ length: BARS }, (_, bar) => {
        let top = 34;
        return kinds.map((sign, kind) => {
          const height = ((bars[kind]?.[bar] ?? 0) / most) * 33;
          if (height === 0) return null;
          top -= height;
          const isOn = bar >= from && bar < to;
          return <rect key={`${bar} ${sign}`} className={styles[isOn ? sign : "off"]} x={bar * 10} y={top} width={8} height={height} />;
        });
      })}
    </svg>
  );
}
