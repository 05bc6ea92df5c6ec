// The slider for time and the button that plays it. A frame is an instant of the run; frames lie
// closer together where more happens.

const FRAME_MS = 120;

function addTimeControls(frames, showFrame) {
  const slider = document.getElementById("map-time");
  const play = document.getElementById("map-play");
  const clock = document.getElementById("map-clock");
  const last = frames.length - 1;
  let timer = 0;

  function show(frame) {
    slider.value = String(frame);
    const text = `${formatInstant(frames[frame])} of ${formatDuration(frames[last])}`;
    clock.textContent = text;
    slider.setAttribute("aria-valuetext", text);
    showFrame(frame);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "▶ Play";
  }

  function start() {
    if (Number(slider.value) >= last) show(0);
    play.textContent = "‖ Pause";
    timer = setInterval(() => {
      if (Number(slider.value) >= last) stop();
      else show(Number(slider.value) + 1);
    }, FRAME_MS);
  }

  slider.max = String(last);
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  play.addEventListener("click", () => (timer ? stop() : start()));
  show(last);
}
