/**
 * Sends a form by script: `<form onSubmit={onForm((form) => …)}>`. (React's `action` empties the form whatever comes of it: whoever
 * mistyped a password would type their address again.)
 */
export function onForm(act: (form: FormData) => unknown) {
  return (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    act(new FormData(event.currentTarget));
  };
}
