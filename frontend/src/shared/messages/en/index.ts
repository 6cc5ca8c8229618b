/** English. Sentences with parts are functions of them; what a language has to have is what stands here. */

import { annotate } from "./annotate";
import { guideline } from "./guideline";
import { keys } from "./keys";
import { live } from "./live";
import { project } from "./project";
import { proposals } from "./proposals";
import { shared } from "./shared";

export const en = {
  ...shared,
  ...annotate,
  ...keys,
  ...live,
  ...guideline,
  ...project,
  ...proposals,
};

export type Messages = typeof en;
