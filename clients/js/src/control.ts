/** Requests to the control API of a mock. */

/** The mock, or the machine that should run it, says no; the message is one line. */
export class MockportalError extends Error {
  override name = "MockportalError";
}

/** Sends a request to the control API; the answer is JSON, a text, or undefined if there is none. */
export type Control = <Answer = unknown>(method: string, path: string, body?: unknown) => Promise<Answer>;

/** The control API of the mock at `url`. A refusal is thrown as `MockportalError`, with the mock's own message. */
export function controlOf(url: string, controlToken?: string): Control {
  const authorization: Record<string, string> = controlToken ? { authorization: `Bearer ${controlToken}` } : {};
  return async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const init: RequestInit = { method, headers: authorization };
    if (body !== undefined) {
      init.headers = { ...authorization, "content-type": "application/json" };
      init.body = JSON.stringify(body);
    }
    const response = await answerOf(`${url}/__mockportal${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new MockportalError(`${method} ${path}: ${response.status} ${messageIn(text)}`);
    if (!text) return undefined as Answer;
    return (isJson(response) ? JSON.parse(text) : text) as Answer;
  };
}

async function answerOf(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    const { cause } = error as Error;
    const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(error);
    throw new MockportalError(`no mock answers at ${new URL(address).origin}: ${reason}`);
  }
}

function isJson(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").startsWith("application/json");
}

function messageIn(text: string): string {
  try {
    return String((JSON.parse(text) as { message: unknown }).message);
  } catch {
    return text.slice(0, 200);
  }
}
