/** The review page: picture, facts, texts; the verdict below. */

import { KeySheet } from "@/shared/keys/KeySheet";
import { Look } from "@/shared/Look";
import { messages } from "@/shared/messages";
import { Alert, Button } from "@/shared/ui";
import { keyOf, table } from "./bindings";
import { Facts } from "./Facts";
import { PageContext, type ReviewPage, useItem, usePage } from "./page";
import { Stage } from "./Stage";
import { Texts } from "./Texts";
import { VerdictBar } from "./VerdictBar";

const text = messages.review;

function Header() {
  const { page, item } = useItem();
  const { annotation, episode } = item;
  return (
    <header class="header bar">
      <a class="brand" href="/">
        {messages.header.product}
      </a>
      <h1 class="crumb">
        {page.project.name} · {episode.task.name} · <b>{messages.header.episode(episode.number)}</b> · {text.by(annotation.annotator)}
      </h1>
      <span class={`badge ${annotation.state}`}>{messages.states[annotation.state]}</span>
      <span class="grow" />
      {page.number.value > 0 && <span class="crumb num">{text.place(page.number.value, page.queue.value.length)}</span>}
      <a class="btn" href={page.place.queue}>
        {text.queue}
      </a>
      <Button
        keys={keyOf("help")}
        onClick={() => {
          page.help.value = !page.help.value;
        }}
      >
        {messages.header.help}
      </Button>
    </header>
  );
}

const Desk = () => (
  <>
    <Header />
    <main class="review-desk">
      <Stage />
      <Facts />
      <Texts />
    </main>
    <VerdictBar />
  </>
);

function Page() {
  const page = usePage();
  if (page.item.value) return <Desk />;
  return page.trouble.value ? <Alert kind="error">{page.trouble.value}</Alert> : <p class="empty">{messages.loading}</p>;
}

export const App = ({ page }: { page: ReviewPage }) => (
  <PageContext.Provider value={page}>
    <Page />
    <KeySheet table={table} open={page.help}>
      <Look />
    </KeySheet>
  </PageContext.Provider>
);
