// Line icons, drawn on a 20 by 20 grid in the current colour. Always decoration: the words are on the control.

const PATHS = {
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  send: "M3 4l14 6-14 6 3-6zM6 10h6",
  attach: "M14.5 9.5l-5 5a3 3 0 0 1-4.3-4.3l6-6a2 2 0 0 1 2.9 2.9l-5.8 5.8a1 1 0 0 1-1.5-1.5l5-5",
  mic: "M10 3a2 2 0 0 0-2 2v4a2 2 0 0 0 4 0V5a2 2 0 0 0-2-2zM5 9a5 5 0 0 0 10 0M10 14v3",
  reply: "M4 5h12v8H9l-4 3v-3H4z",
  more: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  hash: "M8 3L6 17M14 3l-2 14M4 7.5h13M3 12.5h13",
  lock: "M5 9h10v7H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  bolt: "M11 2L5 11h4l-1 7 7-10h-4z",
  down: "M5 8l5 5 5-5",
  check: "M4 10.5l4 4 8-9",
  file: "M5 3h7l3 3v11H5zM12 3v4h3",
  download: "M10 3v9M6 9l4 4 4-4M4 16h12",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  people: "M7 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM2 16c0-3 2-5 5-5s5 2 5 5M13 4.3a2.5 2.5 0 0 1 0 4.6M14 11.4c2.400 .5 4 2.200 4 4.600",
  home: "M3 10l7-6 7 6M5 9v7h10V9",
};

/** An icon by name. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
