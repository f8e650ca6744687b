import { useLayoutEffect, useRef } from "react";

import { Icon } from "./Icon";
import { useCommon } from "./words";

/**
 * What a person has written, as HTML that the server made safe. The one place where HTML is put in.
 * A spoiler is a fold that says how long it is; with `spoiler` all of the text is one.
 */
export function UserText({ html, spoiler = false }: { html: string; spoiler?: boolean }) {
  const common = useCommon();
  if (!spoiler) return <Folded html={html} label={common.spoiler} />;
  return (
    <details className="spoil">
      <summary>
        <Icon name="eye" />
        {common.wholeSpoiler(wordCount(textOf(html)))}
      </summary>
      <Folded html={html} label={common.spoiler} />
    </details>
  );
}

/** The HTML with each `<span class="spoiler">` made a fold. */
function Folded({ html, label }: { html: string; label: (words: number) => string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!place.current) return;
    const made = document.createElement("template");
    made.innerHTML = html;
    for (const spoiler of made.content.querySelectorAll("span.spoiler")) {
      const fold = document.createElement("details");
      fold.className = "spoil spoil-in";
      const summary = document.createElement("summary");
      summary.textContent = label(wordCount(spoiler.textContent));
      spoiler.replaceWith(fold);
      fold.append(summary, spoiler);
    }
    place.current.replaceChildren(made.content);
  }, [html, label]);
  return <div className="text" ref={place} />;
}

function textOf(html: string): string {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content.textContent ?? "";
}

function wordCount(text: string | null): number {
  return (text ?? "").split(/\s+/).filter(Boolean).length;
}
