import { lazy, Suspense, useState } from "react";

import { Icon } from "../ui/Icon";
import { useKey } from "../ui/keys";
import { useWords } from "./words";

const search = () => import("./GlobalSearch");
const GlobalSearch = lazy(() => search().then(({ GlobalSearch }) => ({ default: GlobalSearch })));

/** The field of the search in the frame. What finds is fetched when somebody goes there; `/` does. */
export function SearchPlace() {
  const [isWanted, setWanted] = useState(false);
  const [typed, setTyped] = useState("");
  useKey("/", () => setWanted(true));
  const field = <Field typed={typed} type={setTyped} go={() => setWanted(true)} />;
  return isWanted ? (
    <Suspense fallback={field}>
      <GlobalSearch first={typed} />
    </Suspense>
  ) : (
    field
  );
}

function Field({ typed, type, go }: { typed: string; type: (text: string) => void; go: () => void }) {
  const t = useWords();
  return (
    <div className="search">
      <Icon name="search" />
      <input
        className="in"
        type="search"
        aria-label={t.find}
        placeholder={t.find}
        value={typed}
        onChange={(event) => type(event.target.value)}
        onPointerEnter={() => void search()}
        onFocus={go}
      />
    </div>
  );
}
