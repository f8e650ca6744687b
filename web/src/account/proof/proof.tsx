/** Proof that one is no program, where the server asks for it; most people never see any of this. */

import { useEffect, useRef, useState } from "react";

import { asProblem } from "../../api/problem";
import styles from "../door/Door.module.css";
import { useWords } from "../door/words";
import type { Proven } from "../requests";

type Widget = "turnstile" | "hcaptcha" | "recaptcha";
type Asked = { kind: "work"; challenge: string; bits: number } | { kind: Widget; site_key: string };

/** Where each widget's script is, and the name that it takes in the page. */
const widgets: Record<Widget, { script: string; name: string }> = {
  turnstile: { script: "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit", name: "turnstile" },
  hcaptcha: { script: "https://js.hcaptcha.com/1/api.js?render=explicit", name: "hcaptcha" },
  recaptcha: { script: "https://www.google.com/recaptcha/api.js?render=explicit", name: "grecaptcha" },
};

/** All three are drawn alike. */
interface Drawn {
  render(place: HTMLElement, options: { sitekey: string; callback: (token: string) => void }): unknown;
  ready?: (then: () => void) => void;
}

function proofOf(error: unknown): Asked | undefined {
  const problem = asProblem(error);
  return problem.code === "proof_needed" ? (problem.body as { proof?: Asked } | undefined)?.proof : undefined;
}

/**
 * Sends a request, and once more with a proof where one is asked for. `shown` is what the form shows meanwhile.
 */
export function useProof() {
  const [asked, setAsked] = useState<{ proof: Asked; settle: (token: string) => void }>();

  async function proven<T>(send: (headers: Proven) => Promise<T>): Promise<T> {
    try {
      return await send({});
    } catch (error) {
      const proof = proofOf(error);
      if (!proof) throw error;
      try {
        const token = await new Promise<string>((settle, fail) => {
          setAsked({ proof, settle });
          if (proof.kind === "work") import("./work").then(({ work }) => work(proof.challenge, proof.bits)).then(settle, fail);
        });
        return await send({ "Cairn-Proof": token });
      } finally {
        setAsked(undefined);
      }
    }
  }

  return { proven, shown: asked && <Proof {...asked} /> };
}

function Proof({ proof, settle }: { proof: Asked; settle: (token: string) => void }) {
  const t = useWords();
  return (
    <div className="note" role="status">
      <span>{proof.kind === "work" ? t.checking : t.prove}</span>
      {proof.kind !== "work" && <WidgetPlace kind={proof.kind} siteKey={proof.site_key} settle={settle} />}
    </div>
  );
}

function WidgetPlace({ kind, siteKey, settle }: { kind: Widget; siteKey: string; settle: (token: string) => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { script, name } = widgets[kind];
    const draw = () => {
      const drawn = (window as unknown as Record<string, Drawn | undefined>)[name];
      const render = () => place.current && drawn?.render(place.current, { sitekey: siteKey, callback: settle });
      if (drawn?.ready) drawn.ready(render);
      else render();
    };
    const element = document.createElement("script");
    element.src = script;
    element.async = true;
    element.onload = draw;
    document.head.append(element);
    return () => element.remove();
  }, [kind, siteKey, settle]);
  return <div ref={place} className={styles["widget"]} />;
}
