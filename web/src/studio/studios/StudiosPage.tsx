/** The studios of the signed-in person. */
export function StudiosPage() {
  return <h1>Studio</h1>;
}
