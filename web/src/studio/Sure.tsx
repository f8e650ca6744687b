import { Dialog } from "../ui/overlays";
import { useCommon } from "../ui/words";

/** Asks once more about what can't be undone. */
export function Sure({
  title,
  button,
  close,
  act,
  children,
}: {
  title: string;
  button: string;
  close: () => void;
  act: () => void;
  children: React.ReactNode;
}) {
  const common = useCommon();
  const goOn = () => {
    close();
    act();
  };
  return (
    <Dialog
      title={title}
      isOpen
      close={close}
      foot={
        <>
          <button className="btn" type="button" onClick={close}>
            {common.cancel}
          </button>
          <button className="btn btn-bad" type="button" onClick={goOn}>
            {button}
          </button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
