import { useId } from "react";

import { type State, StateSign } from "../../ui/Cairn";
import { useCommon } from "../../ui/words";
import style from "./QuickLog.module.css";

/** All states, in their order. */
export const states = ["wishlist", "ongoing", "completed", "paused", "dropped"] as const satisfies readonly State[];

/** The five states as five cairns, of which one is chosen. */
export function StatePicker({ label, state, choose }: { label: string; state: State; choose: (state: State) => void }) {
  const common = useCommon();
  const name = useId();
  return (
    <fieldset className={style["states"]}>
      <legend className="vh">{label}</legend>
      {states.map((one) => (
        <label key={one}>
          <input className="vh" type="radio" name={name} checked={one === state} onChange={() => choose(one)} />
          <StateSign state={one} />
          {common.stateNames[one]}
        </label>
      ))}
    </fieldset>
  );
}
