import { Icon } from "../ui/Icon";
import { useWords } from "./words";

/**
 * The address at which the server expects browsers, where this page has another one. Over https and on this machine browsers say with
 * each request that it comes from a page of the same address; otherwise the server compares, and takes no change.
 */
function expected(): string | undefined {
  const url = document.querySelector<HTMLMetaElement>("meta[name=cairn-public-url]")?.content;
  const isOther = url && URL.canParse(url) && new URL(url).origin !== location.origin;
  return isOther && !isSecureContext ? url : undefined;
}

/** Says that nothing can be changed from this address, and which one it should be. */
export function OtherAddress() {
  const t = useWords();
  const url = expected();
  if (!url) return null;
  return (
    <div className="note note-bad" role="alert">
      <Icon name="warn" />
      <span>{t.otherAddress(url)}</span>
      <a className="btn btn-sm" href={url}>
        {new URL(url).host}
      </a>
    </div>
  );
}
