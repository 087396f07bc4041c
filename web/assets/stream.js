// The server's events, as few streams of them as a browser needs: over HTTP/1.1 it has six
// connections to a host for all its windows, and a stream holds one as long as it is open.
// Windows that ask for the same stream share one: who holds its lock listens and tells the
// others. Where a browser cannot share (no HTTPS and not this machine), each listens itself.

const STREAMS = 4; // at most for one browser, so that connections are left to load pages with
const AGAIN = 10_000;
const MINUTE = 60_000;
const SILENCE = 25_000; // until a window takes it that nobody listens for it
const JOINING = 500;

const canShare = Boolean(navigator.locks && window.BroadcastChannel);

/** Calls `work` holding one of the few places for streams, as soon as one is free. */
async function inPlace(signal, work) {
  const enter = async (lock) => {
    if (lock && !signal.aborted) await work();
    return Boolean(lock);
  };
  while (!signal.aborted) {
    for (let n = 0; n < STREAMS; n += 1) {
      if (await navigator.locks.request(`stream ${n}`, { ifAvailable: true }, enter)) return;
    }
    await new Promise((done) => {
      setTimeout(done, AGAIN);
      signal.addEventListener("abort", done);
    });
  }
}

/** A stream, closed at first, that calls `heard` once it is opened and at every change. */
export function streamOf(url, heard) {
  let opened = null;
  let source = null;
  let channel = null;
  let triedAt = 0;
  let heardAt = 0;

  const isOpen = () => source?.readyState === EventSource.OPEN;

  const connect = () => {
    triedAt = Date.now();
    source = new EventSource(url);
    source.addEventListener("version", () => {
      channel?.postMessage("version");
      heard();
    });
  };

  const lead = (signal) =>
    new Promise((done) => {
      signal.addEventListener("abort", done);
      connect();
    });

  const share = (signal) => {
    let isLeading = false;
    channel = new BroadcastChannel(`events ${url}`);
    channel.addEventListener("message", ({ data }) => {
      heardAt = Date.now();
      if (data === "version") heard();
    });
    const leading = () => {
      isLeading = true;
      return inPlace(signal, () => lead(signal));
    };
    navigator.locks.request(`events ${url}`, { signal }, leading).catch(() => {
      if (!signal.aborted) connect();
    });
    setTimeout(() => isLeading || signal.aborted || heard(), JOINING);
  };

  return {
    /** Whether changes are told, by this window's own stream or another's. */
    isListening: () => isOpen() || Date.now() - heardAt < SILENCE,

    open() {
      if (opened) return;
      opened = new AbortController();
      if (canShare) share(opened.signal);
      else connect();
    },

    close() {
      opened?.abort();
      source?.close();
      channel?.close();
      opened = source = channel = null;
      heardAt = 0;
    },

    /** Tells the others that it listens, or tries again; to be called every ten seconds. */
    tick() {
      if (isOpen()) channel?.postMessage("listening");
      else if (source?.readyState === EventSource.CLOSED && Date.now() - triedAt >= MINUTE) connect();
    },
  };
}
