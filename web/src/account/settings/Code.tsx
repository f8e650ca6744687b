import { useQuery } from "@tanstack/react-query";

import styles from "./AccountPage.module.css";

/** A text as a QR code, black on white in every theme, so that cameras read it. */
export function Code({ text, label }: { text: string; label: string }) {
  const { data: path } = useQuery({ queryKey: ["qr", text], queryFn: () => draw(text), staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
  if (!path) return null;
  return (
    <svg className={styles["qr"]} viewBox={`0 0 ${path.size} ${path.size}`} shapeRendering="crispEdges" role="img" aria-label={label}>
      <path d={path.d} />
    </svg>
  );
}

async function draw(text: string) {
  const { encode } = await import("uqr");
  const { data, size } = encode(text, { border: 1 });
  const d = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { d, size };
}
