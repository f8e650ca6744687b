import { useCallback, useEffect, useRef, useState } from "react";

/** The speeds at which runs are played. */
export const speeds = [0.25, 1, 2, 8];

/** The clock of a replay, in milliseconds. */
export function usePlayer(durationMs: number) {
  const [ms, setMs] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const last = useRef(0);

  useEffect(() => {
    if (!isPlaying) return;
    last.current = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const passed = Math.min(100, now - last.current) * speed;
      last.current = now;
      setMs((before) => Math.min(durationMs, before + passed));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, durationMs]);
  useEffect(() => {
    if (ms >= durationMs) setPlaying(false);
  }, [ms, durationMs]);

  const seek = useCallback((to: number) => setMs(Math.max(0, Math.min(durationMs, to))), [durationMs]);
  const toggle = useCallback(() => {
    setPlaying((before) => !before);
    setMs((before) => (before >= durationMs ? 0 : before));
  }, [durationMs]);
  return { ms, isPlaying, speed, setSpeed, seek, toggle };
}
