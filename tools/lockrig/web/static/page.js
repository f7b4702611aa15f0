// Every page: one tap sends one answer, and one that was meant for the page before sends none.
"use strict";
(() => {
  // A second tap of a hurried finger lands on the page that the first one brought.
  const SETTLED_MS = 500;
  const shown = performance.now();
  let sent = false;
  addEventListener("click", (event) => {
    if (event.isTrusted && performance.now() - shown < SETTLED_MS && event.target.closest("main")) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
  addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // A page from the browser's memory shows a step that is over.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // A permission ends while the page is open, or while the tablet sleeps.
  for (const allowed of document.querySelectorAll("[data-left-s]")) {
    const until = Date.now() + 1000 * Number(allowed.dataset.leftS);
    setInterval(() => { if (Date.now() >= until) location.reload(); }, 5000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) location.reload(); });
  }

  // A label is read and typed twice: pasted, it is the same mistake twice.
  for (const typed of document.querySelectorAll("[data-typed]")) {
    typed.addEventListener("paste", (event) => event.preventDefault());
    typed.addEventListener("drop", (event) => event.preventDefault());
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    button.addEventListener("click", () => {
      text.select();
      // Without https there is no navigator.clipboard.
      button.textContent = document.execCommand("copy") ? button.dataset.done : button.dataset.failed;
    });
  }
  for (const mail of document.querySelectorAll("[data-mail]")) {
    mail.addEventListener("click", () => {
      const body = document.getElementById("fault").value.replaceAll("\n", "\r\n");
      const address = mail.href.split("?")[0];
      mail.href = `${address}?subject=${encodeURIComponent(mail.dataset.mail)}&body=${encodeURIComponent(body)}`;
    });
  }

  let audio = null;
  window.lockrig = {
    // Browsers keep silent until the page was touched.
    wake() {
      audio ??= new AudioContext();
      return audio.resume();
    },
    sound(times) {
      if (navigator.vibrate) navigator.vibrate(Array(2 * times - 1).fill(250));
      if (!audio) return;
      audio.resume().then(() => {
        for (let i = 0; i < times; i++) {
          const tone = audio.createOscillator();
          tone.frequency.value = 880;
          tone.connect(audio.destination);
          tone.start(audio.currentTime + 0.5 * i);
          tone.stop(audio.currentTime + 0.5 * i + 0.25);
        }
      });
    },
  };
  for (const button of document.querySelectorAll("[data-sound]")) {
    button.addEventListener("click", () => { lockrig.wake(); lockrig.sound(3); });
  }
})();
