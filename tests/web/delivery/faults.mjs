// Fetches each address of the arguments once, and prints for each what came: `{status, headers, body}` or `{error}`.
const [, , ...addresses] = process.argv;

async function seen(address) {
  const started = performance.now();
  try {
    const answer = await fetch(address, {
      headers: { authorization: "Bearer dev-anna" },
      signal: AbortSignal.timeout(1500),
    });
    const head = { status: answer.status, headers: Object.fromEntries(answer.headers) };
    try {
      return { ...head, body: await answer.text(), seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      return { ...head, error: String(error.cause?.code ?? error.name) };
    }
  } catch (error) {
    return { error: String(error.cause?.code ?? error.name) };
  }
}

const found = [];
for (const address of addresses) found.push(await seen(address));
console.log(JSON.stringify(found));
