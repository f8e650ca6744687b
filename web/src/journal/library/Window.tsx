import { useLayoutEffect, useRef, useState } from "react";

/** How far beyond the window parts are kept on the page. */
const MARGIN = "300px";

/**
 * A part of a long list that is only on the page while it is near the window. Elsewhere an empty element of the same height holds its
 * place. What has the focus stays.
 */
export function WindowPart<Tag extends "ul" | "tbody">({
  tag,
  isShownFirst,
  estimate,
  children,
}: {
  tag: Tag;
  isShownFirst: boolean;
  /** The height before it was ever shown, in pixels. */
  estimate: number;
  children: React.ReactNode;
}) {
  const place = useRef<HTMLUListElement & HTMLTableSectionElement>(null);
  const [isNear, setNear] = useState(isShownFirst);
  const height = useRef(estimate);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (seen) => {
        const near = seen.at(-1)?.isIntersecting ?? false;
        if (!near && element.contains(document.activeElement)) return;
        if (!near && element.offsetHeight > 0) height.current = element.offsetHeight;
        setNear(near);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const props = isNear ? {} : { style: { height: height.current }, "aria-hidden": true as const };
  if (tag === "ul") return <ul ref={place} {...props}>{isNear && children}</ul>;
  return (
    <tbody ref={place} {...props}>
      {isNear ? children : <tr style={{ height: height.current }} />}
    </tbody>
  );
}

/** A list in parts of so many. */
export function inParts<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
