import { useEffect, useState } from "react";

/**
 * A value that a control shows at once when it is pressed; what is kept comes a moment later, and is shown from then on. Without it a
 * check box would jump back until the query's new value has come.
 */
export function useQuick<T>(kept: T): [T, (shown: T) => void] {
  const [shown, show] = useState(kept);
  useEffect(() => show(kept), [kept]);
  return [shown, show];
}
