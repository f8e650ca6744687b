/** Menus and dialogs, with the keyboard and the screen reader of React Aria. */

import { Dialog as AriaDialog, Heading, Menu, MenuItem, MenuTrigger, Modal, ModalOverlay, Popover, Separator } from "react-aria-components";
import { Button } from "react-aria-components";

import { Icon, type IconName } from "./Icon";
import { useCommon } from "./words";

/** An entry of a menu; `null` in a list of them is a line between groups. */
export interface Action {
  id: string;
  text: string;
  icon?: IconName | React.ReactNode;
  key?: string;
  isBad?: boolean;
  isOff?: boolean;
  act: () => unknown;
}

/** A button that opens a menu. */
export function MenuButton({
  label,
  actions,
  className = "btn btn-quiet btn-icon btn-sm",
  children,
}: {
  label: string;
  actions: (Action | null)[];
  className?: string;
  children?: React.ReactNode;
}) {
  return (
    <MenuTrigger>
      <Button className={className} aria-label={label}>
        {children ?? <Icon name="more" />}
      </Button>
      <Popover className="popover">
        <Menu className="menu" aria-label={label}>
          {actions.map((action, i) =>
            action ? (
              <MenuItem
                key={action.id}
                id={action.id}
                textValue={action.text}
                isDisabled={action.isOff ?? false}
                className={`menu-item${action.isBad ? " is-bad" : ""}`}
                onAction={() => void action.act()}
              >
                {typeof action.icon === "string" ? <Icon name={action.icon as IconName} /> : action.icon}
                <span>{action.text}</span>
                {action.key && <kbd>{action.key}</kbd>}
              </MenuItem>
            ) : (
              <Separator key={i} className="sep" />
            ),
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** A dialog over the page; on narrow screens a sheet from below. */
export function Dialog({
  title,
  isOpen,
  close,
  children,
  foot,
  wide = false,
}: {
  title: string;
  isOpen: boolean;
  close: () => void;
  children: React.ReactNode;
  foot?: React.ReactNode;
  wide?: boolean;
}) {
  const common = useCommon();
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => open || close()} isDismissable>
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
