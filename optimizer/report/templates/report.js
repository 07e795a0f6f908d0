// Two halves, one a language: the button shows the other; each has its own list.
(() => {
  const faces = Array.from(document.querySelectorAll(".face"));
  const begun = new Map(); // the half that nobody has looked at yet has no list
  const show = (face, before) => {
    if (!begun.has(face)) begun.set(face, list.begin(face, face.lang === "en" ? 1 : 0));
    if (before) begun.get(face).take(begun.get(before).state());
    for (const one of faces) one.hidden = one !== face;
    [document.documentElement.lang, document.title] = [face.lang, face.dataset.title];
  };
  // The same place of the other half: the last heading that has been reached.
  const place = (face) => Array.from(face.querySelectorAll("h2")).findLastIndex((one) => one.getBoundingClientRect().top < 80);
  for (const face of faces) {
    const [other] = faces.filter((one) => one !== face);
    const part = face.querySelector(".switch");
    part.hidden = false;
    part.firstElementChild.addEventListener("click", () => {
      const at = place(face);
      show(other, face);
      if (at >= 0) other.querySelectorAll("h2")[at].scrollIntoView();
      other.querySelector(".switch button").focus({ preventScroll: true });
    });
  }
  show(faces[0]);
})();

// A table that is wider than the screen can be reached and moved by keyboard.
(() => {
  const wide = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", wide);
  addEventListener("click", () => requestAnimationFrame(wide));
  document.fonts.ready.then(wide);
})();

// What is folded is printed all the same.
(() => {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of folded) one.open = false; });
})();
