/** One file over XMLHttpRequest, for `fetch` does not tell how much was sent. */

import { ApiError, csrfToken, errorFrom, url } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { Upload } from "@/shared/types";

function answerOf(xhr: XMLHttpRequest): unknown {
  try {
    return JSON.parse(xhr.responseText);
  } catch {
    return null;
  }
}

/** POST a file to a project's uploads.
 *
 * @throws ApiError (as a rejection) when the server refuses it or cannot be reached.
 */
export function sendFile(project: number, file: File, onShare: (share: number) => void): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    xhr.upload.onprogress = ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0);
    xhr.onerror = () => reject(new ApiError("network", messages.api.network));
    xhr.onload = () => {
      const answer = answerOf(xhr);
      if (xhr.status === 201 && answer) resolve(answer as Upload);
      else reject(errorFrom(xhr.status, answer));
    };
    xhr.open("POST", url(`projects/${project}/uploads/`));
    xhr.setRequestHeader("X-CSRFToken", csrfToken());
    xhr.send(body);
  });
}
