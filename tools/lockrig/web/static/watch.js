// The watch: taps with the page's own time to the server, and whatever speaks against them.
// It shows nothing of what was tapped: that would coach.
"use strict";
(() => {
  const OVER = 4000;
  const TAKEN_OVER = 4001;
  const KEYS = { " ": "start", g: "green", r: "red", u: "undo", b: "press" };
  const page = document.getElementById("watch");
  const told = document.getElementById("told");
  let socket = null;
  let step = "wait";

  const say = (message) => {
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const cover = (name) => {
    for (const each of ["lost", "taken", "over"]) {
      document.getElementById(each).hidden = each !== name;
    }
  };
  const light = (name, on) => {
    document.getElementById(`led-${name}`).classList.toggle("lit", Boolean(on));
  };
  const enter = (next) => {
    if (next === step) return;
    if (next === "watch" && step === "start") lockrig.sound(1);
    if (next === "over") {
      lockrig.sound(3);
      cover("over");
      // Taps that came too late must not answer questions.
      setTimeout(() => location.replace(location.href), 1500);
    } else {
      told.textContent = told.dataset[next];
    }
    step = next;
  };

  const connect = () => {
    socket = new WebSocket(`ws://${location.host}${page.dataset.socket}`);
    socket.onmessage = (event) => {
      const beat = JSON.parse(event.data);
      say({ is: "beat", n: beat.n, t: performance.now() });
      if (beat.step !== "over") cover(null);
      if (beat.leds) {
        light("green", beat.leds[0]);
        light("red", beat.leds[1]);
      }
      enter(beat.step);
    };
    socket.onclose = (event) => {
      if (event.code === OVER) enter("over");
      if (step === "over") return;
      if (event.code === TAKEN_OVER) {
        cover("taken");
      } else {
        cover("lost");
        setTimeout(connect, 1000);
      }
    };
  };

  const tap = (key) => {
    if (key === "press") say({ is: "press" });
    else say({ is: "tap", key, t: performance.now() });
  };
  let pointed = false;
  for (const button of page.querySelectorAll("button")) {
    const key = button.dataset.key || "press";
    button.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      pointed = true;
      tap(key);
    });
    button.addEventListener("pointercancel", () => { pointed = false; });
    // A click that no finger made: a switch, a screen reader.
    button.addEventListener("click", () => {
      if (!pointed) tap(key);
      pointed = false;
    });
  }
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const button = event.target.closest ? event.target.closest("button") : null;
    const meant = button && (event.key === " " || event.key === "Enter");
    const key = meant ? button.dataset.key || "press" : KEYS[event.key.toLowerCase()];
    if (!key) return;
    event.preventDefault();
    if (!event.repeat) tap(key);
  });
  // Nothing else comes of a space that is let go on a button.
  addEventListener("keyup", (event) => { if (event.key === " ") event.preventDefault(); });
  addEventListener("contextmenu", (event) => event.preventDefault());

  const hidden = () => say({ is: "hidden" });
  for (const name of ["visibilitychange", "freeze", "resume"]) document.addEventListener(name, hidden);
  for (const name of ["blur", "pagehide"]) addEventListener(name, hidden);

  for (const name of ["pointerup", "keydown"]) {
    addEventListener(name, () => {
      lockrig.wake();
      if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
    }, { once: true });
  }
  connect();
})();
