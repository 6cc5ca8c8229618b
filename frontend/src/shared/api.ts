/** One way to the site's API: session cookie, CSRF header, and one error type. */

import { messages } from "./messages";
import { NOT_AUTHENTICATED, sessionEnded } from "./session";

const BASE = "/api/v1/";

/** What the server (or the network: `status` 0, code `network`) said against a request. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly data: Record<string, unknown> = {},
    readonly status = 0,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Nothing was decided by the server: the same request may be sent again. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** The session ended: the same request may be sent again after a login. */
  get loggedOut(): boolean {
    return this.code === NOT_AUTHENTICATED;
  }
}

/** Let the page know when nobody is logged in any more. */
function noteSession(error: ApiError): ApiError {
  if (error.loggedOut) sessionEnded.value = true;
  return error;
}

/** The difference between the server's clock and ours, in milliseconds, as of the last answer. */
let clockOffset = 0;

export const serverNow = (): number => Date.now() + clockOffset;

export function csrfToken(cookies: string = document.cookie): string {
  const pair = cookies.split("; ").find((cookie) => cookie.startsWith("csrftoken="));
  return decodeURIComponent(pair?.slice("csrftoken=".length) ?? "");
}

/** The error an answer's body holds; a body of another form becomes the code `http`. */
export function errorFrom(status: number, body: unknown): ApiError {
  const error = (body as { error?: { code?: string; message?: string; data?: Record<string, unknown> } } | null)?.error;
  return new ApiError(error?.code ?? "http", error?.message ?? messages.api.unexpected(status), error?.data ?? {}, status);
}

export const url = (path: string): string => BASE + path;

function headersFor(method: string, body: unknown): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return headers;
}

async function answered(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url(path), { credentials: "same-origin", ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("network", messages.api.network);
  }
}

function noteClock(response: Response): void {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (!Number.isNaN(date)) clockOffset = date - Date.now();
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    throw errorFrom(response.status, null);
  }
}

/** Send one request below `/api/v1/` and give its JSON.
 *
 * @throws ApiError for every answer that is not 2xx and for a network failure; an abort passes as it is.
 */
export async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await answered(path, {
    method,
    headers: headersFor(method, body),
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  });
  noteClock(response);
  const value = await bodyOf(response);
  if (!response.ok) throw noteSession(errorFrom(response.status, value));
  return value as T;
}

export const api = {
  get: <T>(path: string, signal?: AbortSignal): Promise<T> => request<T>("GET", path, undefined, signal),
  post: <T>(path: string, body: unknown = {}): Promise<T> => request<T>("POST", path, body),
  patch: <T>(path: string, body: unknown): Promise<T> => request<T>("PATCH", path, body),
  delete: (path: string): Promise<unknown> => request("DELETE", path),
};

export type Api = typeof api;

/** What to tell a person about anything thrown. */
export const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
