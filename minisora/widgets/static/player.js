// The `Player` widget: shows the model's clip, and tells it which frame is being looked at.

import { root } from "./dom.js";
import { Screen } from "./screen.js";

function render({ model, el: host }) {
  root(host, "ms-player");
  const screen = new Screen({ wanted: model.get("side") });
  host.append(screen.node);

  const update = () => screen.show(model.get("picture"), model.get("sheet"), model.get("fps"), model.get("label"));
  const follow = () => {
    if (model.get("frame") !== screen.clock.frame) {
      screen.clock.pause();
      screen.clock.go(model.get("frame"));
    }
  };
  const unlisten = screen.clock.listen((clock) => {
    if (!clock.playing && screen.shown && model.get("frame") !== clock.frame) {
      model.set("frame", clock.frame);
      model.save_changes();
    }
  });
  // One event for both, so that a clip is never cut by the sheet of another.
  model.on("change:shown", update);
  model.on("change:frame", follow);
  update();

  return () => {
    model.off("change:shown", update);
    model.off("change:frame", follow);
    unlisten();
    screen.close();
  };
}

export default { render };
