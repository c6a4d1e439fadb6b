/* Watches a figure as a learner sees it: in each frame of the browser, a small patch of its pixels, and when it differs
   from the frame before. The benchmark of the explorers puts this into the page and asks `window.watch`. */

(() => {
  const SIDE = 24; // pixels, of a place in the picture where every new value changes them
  const ALIKE = 6; // mean difference of pixels (of 255) up to which two patches show the same, one of them as a JPEG
  const scratch = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const context = scratch.getContext("2d", { willReadFrequently: true });
  const log = []; // { at, patch } of each frame that showed something new; the first entry is what was there
  let picture = null;
  let place = null;
  let pressed = 0;
  let released = 0;
  let answer = null;

  /* The patch as it is now; null while a picture is on its way. */
  function look() {
    const shown = picture();
    const [width, height] = [shown?.naturalWidth ?? shown?.width, shown?.naturalHeight ?? shown?.height];
    if (!width || shown.complete === false) return null;
    const scale = width / shown.getBoundingClientRect().width;
    context.clearRect(0, 0, SIDE, SIDE);
    context.drawImage(shown, place[0] * width, place[1] * height, SIDE * scale, SIDE * scale, 0, 0, SIDE, SIDE);
    return context.getImageData(0, 0, SIDE, SIDE).data;
  }

  const difference = (a, b) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

  function onFrame() {
    requestAnimationFrame(onFrame);
    const patch = look();
    if (!patch || (log.length && difference(patch, log.at(-1).patch) === 0)) return;
    log.push({ at: performance.now(), patch });
    if (log.length > 1 && answer) {
      answer(log.at(-1).at - pressed);
      answer = null;
    }
  }

  window.addEventListener("keydown", (event) => (pressed = event.timeStamp), true);

  /* Two hands, for a native slider, which only trusts the browser's own pointer, and for one made of elements. */
  function byValue(slider) {
    const start = Number(slider.value);
    const step = (slider.max - slider.min) / slider.getBoundingClientRect().width;
    return {
      to(pixels) {
        slider.value = start + pixels * step;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      },
      up: () => slider.dispatchEvent(new Event("change", { bubbles: true })),
    };
  }

  function byMouse(thumb) {
    const box = thumb.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const send = (type, clientX, buttons) =>
      thumb.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, clientX, clientY: y, buttons }));
    send("mousedown", x, 1);
    return { to: (pixels) => send("mousemove", x + pixels, 1), up: () => send("mouseup", x, 0) };
  }

  window.watch = {
    /* Watch the picture that a selector finds (the last one, if there are several), at a place in it (parts of its size). */
    begin(selector, at) {
      picture = () => [...document.querySelectorAll(selector)].at(-1);
      place = at;
      requestAnimationFrame(onFrame);
    },
    /* Forget the past. The next frame that differs from now answers. */
    arm() {
      const now = log.at(-1);
      log.splice(0, log.length, now);
      this.shown = new Promise((resolve) => (answer = resolve));
    },
    /* Milliseconds from the key press to the first frame with other pixels. */
    answered() {
      return this.shown;
    },
    /* When nothing has changed for so many milliseconds. */
    quiet(milliseconds) {
      return new Promise((resolve) => {
        const wait = () => {
          const rest = milliseconds - (performance.now() - log.at(-1).at);
          if (rest <= 0) resolve();
          else setTimeout(wait, rest);
        };
        setTimeout(wait, milliseconds);
      });
    },
    /* Drag a slider's thumb on and back for so long, one move in each frame of the browser, as many as a mouse makes.
       Answers with the frames a second that had other pixels. A driver outside the page would have to wait for the page
       at each move, and would slow the drag down to its own pace. */
    drag(selector, milliseconds) {
      this.arm();
      const thumb = document.querySelector(selector);
      const hand = thumb.type === "range" ? byValue(thumb) : byMouse(thumb);
      const start = performance.now();
      return new Promise((resolve) => {
        const move = (step) => {
          hand.to(Math.abs(((2 * step + 40) % 160) - 80) - 40);
          if (performance.now() - start < milliseconds) return requestAnimationFrame(() => move(step + 1));
          hand.up();
          released = performance.now();
          resolve(log.slice(1).filter((entry) => entry.at <= released).length / ((released - start) / 1000));
        };
        move(1);
      });
    },
    /* From the release of the mouse button: when, by the clock, and how long until the picture stood as it stands now. */
    release() {
      const last = log.at(-1);
      let first = last; // a sharper copy of the same picture may follow: that is not a new value
      for (const entry of log.slice().reverse()) {
        if (difference(entry.patch, last.patch) > ALIKE) break;
        first = entry;
      }
      return { at: (performance.timeOrigin + released) / 1000, until: Math.max(0, first.at - released) };
    },
  };
})();
