export function SavesPage() {
  return <h1>SavesPage</h1>;
}
