export function NewGatheringPage() {
  return <h1>NewGatheringPage</h1>;
}
