/** Single keys that do something anywhere on a page. Whoever speaks to their computer can turn them off. */

import { useEffect, useRef, useSyncExternalStore } from "react";

const KEY = "cairn-single-keys";
const listeners = new Set<() => void>();
let isOn = stored();

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** Turns single keys on or off, on this device. */
export function turnKeys(on: boolean) {
  isOn = on;
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // It holds until the page is left.
  }
  for (const listener of listeners) listener();
}

/** Whether single keys are on. */
export function useKeysOn(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOn,
  );
}

/** Does something when that key is pressed outside of a text, unless a dialog or a menu is open. */
export function useKey(key: string, act: () => unknown) {
  useKeys({ [key]: act });
}

/** The same for several keys at once. */
export function useKeys(keys: Record<string, () => unknown>) {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isOn || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (document.querySelector(".modal, [role=menu], [role=listbox]")) return;
      const act = latest.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Whether a key would go into a text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
