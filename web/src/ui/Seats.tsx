/** Seats at a gathering as stones: taken ones filled, free ones outlined. */

const STONE = "9c-1-2.6.6-5.6 4-6 3.3-.3 6 1.2 6.2 3.5 0 1.2-.2 2-.7 2.5z";
/** Above so many only the number is shown: stones would be too small to count. */
const MOST = 20;

/** `label` says it for those who hear the page; the caller writes the figures beside it. */
export function Seats({ taken, capacity, label }: { taken: number; capacity: number; label: string }) {
  if (capacity > MOST) return null;
  return (
    <svg className="seats" viewBox={`0 0 ${capacity * 13} 10`} role="img" aria-label={label}>
      {Array.from({ length: capacity }, (_, i) => (
        <path key={i} className={i < taken ? "on" : "off"} d={`M${1 + i * 13} ${STONE}`} />
      ))}
    </svg>
  );
}
