/** Simplified Chinese. Commands and codes stay English where they are data; what they mean is said beside. */

import type { Messages } from "../en";
import { annotate } from "./annotate";
import { guideline } from "./guideline";
import { keys } from "./keys";
import { live } from "./live";
import { project } from "./project";
import { proposals } from "./proposals";
import { shared } from "./shared";

export const zh: Messages = {
  ...shared,
  ...annotate,
  ...keys,
  ...live,
  ...guideline,
  ...project,
  ...proposals,
};
