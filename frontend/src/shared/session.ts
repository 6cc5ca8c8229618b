/** Whether the person is still logged in, as far as the server's answers tell. */

import { signal } from "@preact/signals";

/** Set by the first answer that says so; a login on the page takes it back. */
export const sessionEnded = signal(false);

/** The error code of an answer to somebody who is not logged in. */
export const NOT_AUTHENTICATED = "not_authenticated";
