// The live stream: one page of a browser holds it and tells the others, as a browser opens only six connections to a server.

const NAME = 'obs-live';
const EVENTS = ['progress', 'changed', 'reset', 'ready'];

/**
 * Calls `onMessage(type, data)` for what the server tells, whichever page holds the stream, and `onLink(up)` when the link
 * comes or goes.
 */
export function follow(onMessage, onLink) {
  const channel = new BroadcastChannel(NAME);
  const handle = ({ type, data }) => (type === 'link' ? onLink(data) : onMessage(type, data));
  const share = (message) => {
    channel.postMessage(message);
    handle(message);
  };
  channel.onmessage = ({ data }) => handle(data);
  if (navigator.locks === undefined) hold(share);
  // The lock is given to the next page when this one is closed.
  else navigator.locks.request(NAME, () => new Promise(() => hold(share)));
}

function hold(share) {
  const stream = new EventSource('/api/live');
  for (const type of EVENTS) {
    stream.addEventListener(type, (event) => share({ type, data: JSON.parse(event.data) }));
  }
  stream.onopen = () => share({ type: 'link', data: true });
  stream.onerror = () => {
    share({ type: 'link', data: false });
    // A browser gives up where the server answers something else, as after it was started anew.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => hold(share), 3000);
  };
}
