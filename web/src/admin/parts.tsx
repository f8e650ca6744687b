/** Small parts that several of the administration's pages show. */

import { useQuery } from "@tanstack/react-query";

import { accountQuery } from "../account/me";
import { Empty } from "../ui/parts";
import { Sheet } from "../ui/work";
import { useWords } from "./words";

/** What only administrators see; moderators read why not. */
export function ForAdministrators({ children }: { children: React.ReactNode }) {
  const t = useWords();
  const { data: account } = useQuery(accountQuery);
  if (account?.administrator) return children;
  return (
    <Sheet>
      <Empty title={t.forAdministrators} text={t.forAdministratorsText} />
    </Sheet>
  );
}
