export function ForgottenPage() {
  return <h1>ForgottenPage</h1>;
}
