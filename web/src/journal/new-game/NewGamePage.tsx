export function NewGamePage() {
  return <h1>NewGamePage</h1>;
}
