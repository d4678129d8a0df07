// What time it is in a clip: one clock for each player, or one for many players that play in step.

import { reducedMotion } from "./dom.js";

export class Clock {
  constructor() {
    this.frames = 1;
    this.fps = 8;
    this.speed = 1;
    this.frame = 0;
    this.playing = false;
    this.listeners = new Set();
    this.request = 0;
    this.shownAt = 0;
    this.tick = this.tick.bind(this);
  }

  // Call `listener` at every change; the answer ends that.
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell() {
    for (const listener of this.listeners) listener(this);
  }

  // A clip of another length; it goes on where it was, if that is there.
  set(frames, fps) {
    this.frames = Math.max(1, frames);
    this.fps = fps;
    this.frame = Math.min(this.frame, this.frames - 1);
    this.tell();
  }

  go(frame) {
    this.frame = Math.min(Math.max(0, frame), this.frames - 1);
    this.shownAt = performance.now();
    this.tell();
  }

  step(count) {
    this.pause();
    this.go((this.frame + count + this.frames) % this.frames);
  }

  play() {
    if (this.playing) return;
    this.playing = true;
    this.shownAt = performance.now();
    this.request = requestAnimationFrame(this.tick);
    this.tell();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.request);
    this.tell();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  // Play by itself, unless the person wants no motion.
  start() {
    if (!reducedMotion()) this.play();
  }

  // Frames are shown for as long as they last; none is skipped unless the page itself was asleep.
  tick(now) {
    if (!this.playing) return;
    const lasts = 1000 / (this.fps * this.speed);
    if (now - this.shownAt >= lasts && this.frames > 1) {
      this.shownAt = now - this.shownAt > 4 * lasts ? now : this.shownAt + lasts;
      this.frame = (this.frame + 1) % this.frames;
      this.tell();
    }
    this.request = requestAnimationFrame(this.tick);
  }

  close() {
    this.pause();
    this.listeners.clear();
  }
}
