import { useEffect, useState } from "react";

/** A value once it has stood still for so many milliseconds: for asking while somebody types. */
export function useLater<T>(value: T, ms = 150): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return later;
}
