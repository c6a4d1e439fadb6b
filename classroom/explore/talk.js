/* The talk with the kernel: one request at a time; what she does meanwhile waits, and of a control only its newest value.
   So frames never queue behind a drag, and a run stops with the tab that asks for its frames. */

const PATIENCE = 1500; // milliseconds without an answer before we say so
const GIVE_UP = 6000; // … before a lost request no longer holds up the next one

export function talk(model, view, { going, waiting }) {
  const wanted = new Set();
  let moved = {};
  let sent = 0; // the number of the newest request
  let asked = 0; // when it was sent; 0 if it is answered
  let patience = 0;

  function take() {
    if (wanted.delete("hello")) return { ask: "hello", ratio: window.devicePixelRatio || 1 };
    if (wanted.delete("reset")) return { ask: "reset" };
    if (wanted.delete("restart")) return { ask: "restart" };
    if (Object.keys(moved).length) {
      const values = moved;
      moved = {};
      return { ask: "move", values };
    }
    if (going()) return { ask: "go" };
    return wanted.delete("settle") ? { ask: "settle" } : null;
  }

  function send() {
    if (asked && performance.now() - asked < GIVE_UP) return;
    const request = take();
    if (!request) return;
    asked = performance.now();
    clearTimeout(patience);
    patience = setTimeout(() => waiting(true), PATIENCE);
    try {
      model.send({ ...request, view, asked: ++sent });
    } catch {
      waiting(true); // the kernel has been restarted, and knows nothing of this explorer any more
    }
  }

  return {
    send,
    want(what) {
      wanted.add(what);
      send();
    },
    forget: (what) => wanted.delete(what),
    move(name, raw) {
      moved[name] = raw;
      send();
    },
    reset() {
      moved = {};
      this.want("reset");
    },
    /* Is this the answer to the newest request? Answers to what was given up may come late: they call for nothing. */
    answered(number) {
      if (number !== sent) return false;
      asked = 0;
      clearTimeout(patience);
      waiting(false);
      return true;
    },
    wants: (what) => wanted.has(what),
    resting: () => !asked && !wanted.size && !Object.keys(moved).length,
    moving: () => Object.keys(moved).length > 0,
    end: () => clearTimeout(patience),
  };
}
