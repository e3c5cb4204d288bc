// Runs in the head of the chat. All answers come in one stream, which the server ends when no event
// is pending. If the page asks something at that moment, Gradio's client misses the answer, because
// it considers the stream ended. This script hides such an end from the client and continues with the next
// stream. It also queues questions until the client has closed the previous stream.
(() => {
  const LONGEST_END = 5_000;
  const send = window.fetch.bind(window);
  const asking = new Set(); // requests without a response yet
  const awaited = new Set(); // events that the server has accepted but not completed
  const early = new Set(); // events that were completed before their request had a response
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
    window.pullquote.hideProblem();
    const response = await sendWhenConnected(input, options);
    if (!response.ok) window.pullquote.showRefusal(response.clone());
    if (response.ok) {
      const { event_id: event } = await response.clone().json();
      if (!early.delete(event)) awaited.add(event);
    }
    return response;
  }

  // Gradio's client would take one failure for the end of the connection.
  async function sendWhenConnected(input, options) {
    for (;;) {
      try {
        return await send(input instanceof Request ? input.clone() : input, options);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // stopped by the page
        await window.pullquote.connected();
      }
    }
  }

  async function listen(request) {
    const response = await sendWhenConnected(request);
    if (!response.ok) {
      window.pullquote.showRefusal(response.clone());
      return response;
    }
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
    for (let response = first; ; response = await sendWhenConnected(request)) {
      if (!response.ok) {
        window.pullquote.showRefusal(response.clone());
        throw new Error(`the stream ended with status ${response.status}`);
      }
      const end = yield* untilEnd(response);
      if (end === undefined) {
        if (awaited.size > 0) window.pullquote.cutOff();
        awaited.clear(); // the connection was lost: Gradio's client gives up all pending events
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

  // Yields the messages before the one that ends the stream; returns that last one, or undefined if
  // the connection was lost.
  async function* untilEnd(response) {
    let rest = "";
    for await (const text of texts(response)) {
      const whole = (rest + text).split("\n\n");
      rest = whole.pop();
      for (const message of whole) {
        const { msg, event_id: event, success, output } = JSON.parse(message.slice(message.indexOf(":") + 1));
        if (msg === "close_stream") return `${message}\n\n`;
        if (msg === "process_completed" && !awaited.delete(event)) early.add(event);
        if (msg === "process_completed" && !success) window.pullquote.showProblem(output?.error);
        yield `${message}\n\n`;
      }
    }
    return undefined;
  }

  // Not every browser can iterate over a ReadableStream.
  async function* texts(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // stopped by the page
    } finally {
      reader.cancel().catch(() => {}); // it may have failed already
    }
  }
})();
