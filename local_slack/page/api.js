// The Control API: the only thing this page talks to.

/** The workspace said no; `code` is its short reason ("dispatch_failed"). */
export class ControlError extends Error {
  constructor(code, answer = {}) {
    super(code);
    this.code = code;
    this.answer = answer;
  }
}

const WORDS = {
  dispatch_failed: "the app could not be reached (dispatch_failed)",
  operation_timeout: "the app did not answer within 3 seconds (operation_timeout)",
  not_connected: "the app is not connected (not_connected)",
  messages_tab_disabled: "this app does not take messages (messages_tab_disabled)",
  not_in_channel: "you are not in this channel (not_in_channel)",
  file_too_large: "an upload may hold 1 GiB (file_too_large)",
  no_such_element: "this button is no longer there (no_such_element)",
  unreachable: "the workspace cannot be reached",
};

/** One sentence for a person. */
export function explain(error) {
  const more = error.answer?.detail ? ` ${error.answer.detail}` : "";
  return `That didn't work: ${WORDS[error.code] ?? error.code ?? error.message}.${more}`;
}

/** POST to /_control/`method`; returns the answer or throws ControlError. */
export async function post(method, body) {
  let answer;
  try {
    const response = await fetch(`/_control/${method}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    answer = await response.json();
  } catch {
    throw new ControlError("unreachable");
  }
  if (!answer.ok) throw new ControlError(answer.error ?? "unknown_error", answer);
  return answer;
}

/** The whole state of the workspace. */
export async function getState() {
  const response = await fetch("/_control/state", { cache: "no-store" });
  if (!response.ok) throw new ControlError(`http_${response.status}`);
  return response.json();
}

/** Example recordings to try, or none when the workspace offers none. */
export async function getExamples() {
  try {
    const response = await fetch("/_control/examples");
    if (!response.ok) return [];
    const answer = await response.json();
    return Array.isArray(answer) ? answer : (answer.examples ?? []);
  } catch {
    return [];
  }
}

/** Address of a file's bytes, as seen by this person. */
export const fileUrl = (fileId, user) => `/_control/file/${encodeURIComponent(fileId)}?user=${encodeURIComponent(user)}`;

// A multiple of three, so that the pieces' base64 texts can stand one after the other.
const PIECE_BYTES = 3 * 1024 * 1024;

function base64Of(piece) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(new ControlError("file_could_not_be_read"));
    reader.readAsDataURL(piece);
  });
}

/** The body of an upload as a blob made piece by piece: a long recording would not fit into one string. */
async function uploadBody(fields, files, signal) {
  const parts = [`${JSON.stringify(fields).slice(0, -1)},"files":[`];
  for (const [index, file] of [...files].entries()) {
    parts.push(`${index ? "," : ""}{"name":${JSON.stringify(file.name)},"content_base64":"`);
    for (let at = 0; at < file.size; at += PIECE_BYTES) {
      if (signal?.aborted) throw new ControlError("cancelled");
      parts.push(new Blob([await base64Of(file.slice(at, at + PIECE_BYTES))]));
    }
    parts.push('"}');
  }
  return new Blob([...parts, "]}"], { type: "application/json" });
}

/** Upload files; `onProgress` gets a share from 0 to 1. Returns the answer; aborting `signal` stops it. */
export async function upload(fields, files, onProgress, signal) {
  const body = await uploadBody(fields, files, signal);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/_control/upload");
    request.setRequestHeader("Content-Type", "application/json");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("error", () => reject(new ControlError("unreachable")));
    request.addEventListener("abort", () => reject(new ControlError("cancelled")));
    request.addEventListener("load", () => {
      try {
        const answer = JSON.parse(request.responseText);
        if (answer.ok) resolve(answer);
        else reject(new ControlError(answer.error ?? `http_${request.status}`, answer));
      } catch {
        reject(new ControlError(`http_${request.status}`));
      }
    });
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** Call `onChange(rev)` at every change and `onLine(isUp)` when the connection comes or goes. */
export function watchChanges(onChange, onLine) {
  const source = new EventSource("/_control/changes");
  source.addEventListener("open", () => onLine(true));
  source.addEventListener("error", () => onLine(false));
  source.addEventListener("message", (event) => onChange(JSON.parse(event.data).rev));
}
