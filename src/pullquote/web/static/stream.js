// Stands in the head of the chat. All answers come in one stream, which the server ends as soon as
// nothing more is awaited in it. Gradio's client believes that end even where it has asked for
// something meanwhile, and never looks for the answer. Here such an end is kept from it: the stream
// goes on with what the server sends next. And what is asked while it takes an end in, which it
// shows by letting go of the stream, is held back until it has.
(() => {
  const LONGEST_END = 5_000;
  const send = window.fetch.bind(window);
  const asking = new Set(); // requests that have no response yet
  const awaited = new Set(); // events that were taken on and are not completed
  const early = new Set(); // events that were completed before we knew of them
  let ended = Promise.resolve();

  window.fetch = (input, options) => {
    const { pathname } = new URL(input.url ?? input, location.href);
    if (pathname.endsWith("/queue/join")) return ask(input, options);
    if (pathname.endsWith("/queue/data")) return listen(new Request(input, options));
    return send(input, options);
  };

  async function ask(input, options) {
    const asked = join(input, options);
    asking.add(asked);
    try {
      return await asked;
    } finally {
      asking.delete(asked);
      await ended;
    }
  }

  async function join(input, options) {
    const response = await send(input, options);
    if (response.ok) {
      const { event_id: event } = await response.clone().json();
      if (!early.delete(event)) awaited.add(event);
    }
    return response;
  }

  async function listen(request) {
    const response = await send(request.clone());
    if (!response.ok) return response;
    const sent = messages(request, response);
    const body = new ReadableStream({
      async pull(controller) {
        const { done, value } = await sent.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => sent.return(),
    });
    const headers = { "Content-Type": "text/event-stream" };
    return new Response(body.pipeThrough(new TextEncoderStream()), { headers });
  }

  async function* messages(request, first) {
    for (let response = first; ; response = await send(request.clone())) {
      if (!response.ok) throw new Error(`the stream ended with status ${response.status}`);
      const end = yield* untilEnd(response);
      if (end === undefined) {
        awaited.clear(); // it broke off: Gradio's client gives up what it waited for
        early.clear();
        return;
      }
      await Promise.allSettled(asking);
      if (awaited.size > 0) continue;
      ended = new Promise((resolve) => {
        request.signal.addEventListener("abort", resolve);
        setTimeout(resolve, LONGEST_END);
      });
      yield end;
      return;
    }
  }

  // Yields the messages before the one that ends the stream, and returns that one if it came.
  async function* untilEnd(response) {
    let rest = "";
    for await (const text of texts(response)) {
      const whole = (rest + text).split("\n\n");
      rest = whole.pop();
      for (const message of whole) {
        const { msg, event_id: event } = JSON.parse(message.slice(message.indexOf(":") + 1));
        if (msg === "close_stream") return `${message}\n\n`;
        if (msg === "process_completed" && !awaited.delete(event)) early.add(event);
        yield `${message}\n\n`;
      }
    }
    return undefined;
  }

  // A ReadableStream cannot be iterated over in every browser.
  async function* texts(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } finally {
      reader.cancel().catch(() => {}); // it may have failed already
    }
  }
})();
