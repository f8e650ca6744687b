import { useEffect, useRef, useState } from "react";

import { useColours } from "../canvas/colours";
import { useSize } from "../canvas/useSize";
import type { Vec } from "./runs";
import type { Camera, Stage, Staging } from "./scene";

/** Keeps a stage on a canvas: what is on it, at which time, from where. `isFlat` where the browser draws no 3D. */
export function useStage(box: HTMLElement | null, staging: Staging, ms: number, camera: Camera) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [stage, setStage] = useState<Stage>();
  const [isFlat, setFlat] = useState(false);
  const size = useSize(box);
  const colours = useColours();
  const time = useRef(ms);
  time.current = ms;

  useEffect(() => {
    let made: Stage | undefined;
    let isGone = false;
    void import("./scene").then(
      ({ Stage: Made }) => {
        if (isGone || !canvas.current) return;
        try {
          made = new Made(canvas.current, colours, () => made?.draw(time.current));
          setStage(made);
        } catch {
          setFlat(true);
        }
      },
      () => setFlat(true),
    );
    return () => {
      isGone = true;
      setStage(undefined);
      made?.close();
    };
  }, [colours]);

  const { runs, followed, spots, ground, picture, showsPaths, showsDeaths } = staging;
  useEffect(() => {
    if (!stage || size.width === 0) return;
    stage.resize(size.width, size.height);
    stage.draw(time.current);
  }, [stage, size.width, size.height]);
  useEffect(() => {
    stage?.set({ runs, followed, spots, ground, picture, showsPaths, showsDeaths });
    stage?.draw(time.current);
  }, [stage, runs, followed, spots, ground, picture, showsPaths, showsDeaths]);
  useEffect(() => stage?.look(camera), [stage, camera]);
  useEffect(() => stage?.draw(ms), [stage, ms]);

  return { canvas, isFlat, lookAt: (at: Vec) => stage?.lookAt(at) };
}
