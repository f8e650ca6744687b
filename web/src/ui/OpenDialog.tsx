import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { Icon } from "./Icon";
import { useCommon } from "./words";

/** An open dialog: its code comes when the first one is opened. */
export function OpenDialog({
  title,
  close,
  children,
  foot,
  wide,
}: {
  title: string;
  close: () => void;
  children: React.ReactNode;
  foot: React.ReactNode;
  wide: boolean;
}) {
  const common = useCommon();
  return (
    <ModalOverlay className="scrim" isOpen onOpenChange={(open) => open || close()} isDismissable>
      <Modal className={`modal${wide ? " modal-wide" : ""}`}>
        <AriaDialog className="dialog">
          <div className="dialog-h">
            <Heading slot="title">{title}</Heading>
            <button className="btn btn-quiet btn-icon btn-sm end" type="button" aria-label={common.close} onClick={close}>
              <Icon name="x" />
            </button>
          </div>
          <div className="dialog-b">{children}</div>
          {foot && <div className="dialog-f">{foot}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
