/** What every page says. */

export const shared = {
  api: {
    network: "The server cannot be reached.",
    unexpected: (status: number) => `The server answered with an unexpected ${status}.`,
  },
  loading: "Loading…",
  saving: {
    saved: "Saved",
    saving: "Saving…",
    offline: "Offline, kept here",
    logged_out: "Logged out, kept here",
    elsewhere: "In another tab",
    unkept: "Not saved: leave this page open",
    noStorage: "This browser keeps nothing for us. What is not saved yet is lost when this page is closed.",
    stopped: "Not saved",
    retry: "Try again",
    discard: "Discard what is not saved",
    unacknowledged: "The server did not acknowledge the changes.",
    leave: "Some of your work is not saved yet.",
  },
  session: {
    title: "You are not logged in any more",
    explain: (name: string) => `Your work is kept on this page. Log in again as ${name} and it is saved.`,
    password: "Password",
    code: "Code of your authenticator app",
    logIn: "Log in",
  },
  tabs: {
    elsewhere: "This annotation is open in another tab.",
    takeOver: "Go on here",
  },
  header: {
    product: "ViFailback",
    episode: (n: number) => `episode ${n}`,
    submit: "Submit",
    help: "Keys",
    readOnly: "Read only",
  },
  states: {
    open: "open",
    submitted: "submitted",
    in_review: "in review",
    approved: "approved",
    sent_back: "sent back",
    uploaded: "uploaded",
    ingesting: "ingesting",
    ready: "ready",
    rejected: "rejected",
    withdrawn: "withdrawn",
  },
  preferences: {
    label: "How the pages look",
    language: "Language",
    theme: "Look",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
  },
};
