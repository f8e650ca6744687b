export function GameStartPage() {
  return <h1>GameStartPage</h1>;
}
