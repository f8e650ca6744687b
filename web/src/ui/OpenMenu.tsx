import { Menu, MenuItem, Popover, Separator } from "react-aria-components";

import { Icon, type IconName } from "./Icon";
import type { Action } from "./overlays";

/** The open menu of a button: its code comes when the first menu is opened. */
export function OpenMenu({
  label,
  actions,
  trigger,
  close,
}: {
  label: string;
  actions: (Action | null)[];
  trigger: React.RefObject<HTMLButtonElement | null>;
  close: () => void;
}) {
  return (
    <Popover className="popover" aria-label={label} triggerRef={trigger} isOpen onOpenChange={(open) => open || close()}>
      <Menu className="menu" aria-label={label} autoFocus="first" onClose={close}>
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
  );
}
