import { I18nProvider } from "react-aria-components/I18nProvider";

import { Toasts } from "../ui/toasts";
import { useLanguage } from "../words";
import { OtherAddress } from "./OtherAddress";

/** What every frame of a section has: the language of the components, and the place for toasts. */
export function Frame({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <I18nProvider locale={useLanguage() === "ro" ? "ro-RO" : "en-GB"}>
      <OtherAddress />
      <div className={className}>{children}</div>
      <Toasts />
    </I18nProvider>
  );
}
