/** Everything the project page holds. */

import { signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Api, sentence } from "@/shared/api";
import { messages } from "@/shared/messages";
import type { AnnotationRow, Assignment, Episode, Project, Task, TaskFields } from "@/shared/types";
import { type Live, listen } from "@/shared/ws";
import { Episodes } from "./episodes";
import { Imports } from "./imports";
import { ROBOT_FILE, RobotRecordings } from "./recordings";
import { tarOf } from "./tar";
import { type SendFile, UploadQueue } from "./uploads";

/** `ready` comes first on every connection: from then on nothing is missed. */
type News = { type: "ready" } | { type: "episode"; episode: Episode };

export class ProjectPage {
  readonly tasks = signal<readonly Task[]>([]);
  readonly annotations = signal<readonly AnnotationRow[]>([]);
  readonly chosenTask = signal<number | null>(null);
  readonly trouble = signal("");
  readonly connected = signal(true);
  readonly episodes: Episodes;
  readonly uploads: UploadQueue;
  readonly imports: Imports;
  readonly robots: RobotRecordings;

  constructor(
    readonly project: Project,
    private readonly api: Api,
    send: SendFile,
  ) {
    this.episodes = new Episodes(project.id, api);
    this.uploads = new UploadQueue(send, (item) => {
      void this.imports.arrived(item);
      void this.robots.arrived(item);
    });
    this.robots = new RobotRecordings(project.id, api, this.uploads);
    this.imports = new Imports(project.id, api, this.uploads, (episode) => this.episodes.update(episode));
  }

  async start(): Promise<void> {
    this.live();
    await this.telling(async () => {
      this.annotations.value = await this.api.get<AnnotationRow[]>(`projects/${this.project.id}/annotations/`);
      this.tasks.value = await this.api.get<Task[]>(`projects/${this.project.id}/tasks/`);
      this.chosenTask.value = this.tasks.value.length === 1 ? this.tasks.value[0]!.id : null;
    });
    await this.episodes.reload();
  }

  private live(): Live {
    return listen(`/ws/projects/${this.project.id}/`, {
      message: (data) => this.hear(data as News),
      lost: () => {
        this.connected.value = false;
      },
    });
  }

  private hear(news: News): void {
    this.connected.value = true;
    if (news.type === "episode") this.episodes.update(news.episode);
    else void this.episodes.refreshUnfinished();
  }

  /** Add a task and choose it. True when the server took it. */
  addTask(fields: TaskFields): Promise<boolean> {
    return this.telling(async () => {
      const task = await this.api.post<Task>(`projects/${this.project.id}/tasks/`, fields);
      this.tasks.value = [...this.tasks.value, task];
      this.chosenTask.value = task.id;
    });
  }

  /** Take recordings in: videos for the chosen task, robots' files with what they say themselves. */
  async addFiles(files: readonly File[]): Promise<void> {
    this.robots.add(files.filter(({ name }) => ROBOT_FILE.test(name)));
    await this.addVideos(files.filter(({ name }) => !ROBOT_FILE.test(name)));
  }

  private async addVideos(files: readonly File[]): Promise<void> {
    const task = this.chosenTask.peek();
    if (files.length === 0) return;
    if (task === null) this.trouble.value = messages.project.noTask;
    else await this.telling(() => this.imports.add(files, task));
  }

  /** Take a folder in as one recording or data set. */
  async addFolder(files: readonly File[]): Promise<void> {
    try {
      if (files.length > 0) this.robots.add([tarOf(files)]);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.trouble.value = messages.recordings.longName(error.message);
    }
  }

  /** Claim an episode and go to its page. */
  annotate(episode: number): Promise<boolean> {
    return this.telling(async () => {
      const { url } = await this.api.post<Assignment>(`episodes/${episode}/claim/`);
      location.assign(url);
    });
  }

  /** Do something, and put a failure on the page as a sentence. */
  private async telling(action: () => Promise<void>): Promise<boolean> {
    this.trouble.value = "";
    try {
      await action();
      return true;
    } catch (error) {
      this.trouble.value = sentence(error);
      return false;
    }
  }
}

export const PageContext = createContext<ProjectPage | null>(null);

export function usePage(): ProjectPage {
  const page = useContext(PageContext);
  if (!page) throw new Error("There is no project page around this component.");
  return page;
}
