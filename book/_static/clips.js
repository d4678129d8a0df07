// A clip pauses when it is clicked, or with the space bar; it does not start by itself where less motion is asked for.
// A GIF cannot be stopped, so its first frame takes its place.
document.addEventListener("DOMContentLoaded", () => {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const picture of document.querySelectorAll("img.moving")) {
    const moving = picture.src;
    const label = picture.alt;
    const turn = () => {
      const running = picture.dataset.still === undefined;
      if (running) {
        const canvas = document.createElement("canvas");
        canvas.width = picture.naturalWidth;
        canvas.height = picture.naturalHeight;
        canvas.getContext("2d").drawImage(picture, 0, 0);
        try {
          picture.src = canvas.toDataURL();
        } catch { // opened as a file, where browsers let no script read pictures
          return;
        }
        picture.dataset.still = "";
      } else {
        picture.src = moving;
        delete picture.dataset.still;
      }
      picture.setAttribute("aria-label", `${label} (${running ? "paused" : "playing"})`);
    };
    picture.tabIndex = 0;
    picture.title = "Click, or press the space bar, to pause";
    picture.addEventListener("click", turn);
    picture.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      turn();
    });
    if (calm) picture.complete ? turn() : picture.addEventListener("load", turn, { once: true });
  }
});
