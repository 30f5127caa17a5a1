// The emoji shortcodes a course bot is likely to use. Unknown ones stay as typed, as Slack shows them.

const GLYPHS = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", "100": "💯", abacus: "🧮", alarm_clock: "⏰",
  arrow_down: "⬇️", arrow_forward: "▶️", arrow_backward: "◀️", arrow_left: "⬅️", arrow_right: "➡️", arrow_up: "⬆️",
  arrows_counterclockwise: "🔄", back: "🔙", bar_chart: "📊", bell: "🔔", blue_book: "📘", book: "📖", bookmark: "🔖",
  bookmark_tabs: "📑", books: "📚", brain: "🧠", broken_heart: "💔", bug: "🐛", bulb: "💡", bust_in_silhouette: "👤",
  busts_in_silhouette: "👥", calendar: "📅", card_index: "📇", chart_with_upwards_trend: "📈", checkered_flag: "🏁",
  clap: "👏", clipboard: "📋", clock1: "🕐", coffee: "☕", compass: "🧭", construction: "🚧", crescent_moon: "🌙",
  cross_mark: "❌", dart: "🎯", deciduous_tree: "🌳", door: "🚪", ear: "👂", earth_africa: "🌍", email: "📧",
  exclamation: "❗", eyes: "👀", file_folder: "📁", fire: "🔥", gear: "⚙️", gift: "🎁", globe_with_meridians: "🌐",
  green_heart: "💚", grinning: "😀", hammer_and_wrench: "🛠️", headphones: "🎧", heart: "❤️", heavy_check_mark: "✔️",
  heavy_plus_sign: "➕", hourglass: "⌛", hourglass_flowing_sand: "⏳", hugging_face: "🤗", inbox_tray: "📥",
  information_source: "ℹ️", jigsaw: "🧩", key: "🔑", label: "🏷️", large_blue_circle: "🔵", large_green_circle: "🟢",
  large_orange_circle: "🟠", large_purple_circle: "🟣", large_red_circle: "🔴", large_yellow_circle: "🟡",
  large_blue_square: "🟦", large_green_square: "🟩", large_orange_square: "🟧", large_purple_square: "🟪",
  large_red_square: "🟥", large_yellow_square: "🟨", link: "🔗", lock: "🔒", loud_sound: "🔊", loudspeaker: "📢",
  mag: "🔍", mag_right: "🔎", mega: "📣", memo: "📝", microphone: "🎤", mortar_board: "🎓", mute: "🔇", muscle: "💪",
  musical_note: "🎵", no_entry: "⛔", no_entry_sign: "🚫", notebook: "📓", ok: "🆗", ok_hand: "👌", one: "1️⃣", two: "2️⃣",
  three: "3️⃣", four: "4️⃣", five: "5️⃣", six: "6️⃣", seven: "7️⃣", eight: "8️⃣", nine: "9️⃣", zero: "0️⃣", keycap_ten: "🔟",
  open_book: "📖", page_facing_up: "📄", paperclip: "📎", partying_face: "🥳", pause_button: "⏸️", pencil: "📝",
  pencil2: "✏️", point_down: "👇", point_left: "👈", point_right: "👉", point_up: "☝️", pray: "🙏", pushpin: "📌",
  question: "❓", radio_button: "🔘", raised_hand: "✋", raised_hands: "🙌", recycle: "♻️", repeat: "🔁", rocket: "🚀",
  rotating_light: "🚨", round_pushpin: "📍", running: "🏃", scissors: "✂️", scroll: "📜", seedling: "🌱", shield: "🛡️",
  slightly_smiling_face: "🙂", small_blue_diamond: "🔹", small_orange_diamond: "🔸", smile: "😄", smiley: "😃",
  sound: "🔉", sparkles: "✨", speaker: "🔈", speaking_head_in_silhouette: "🗣️", speech_balloon: "💬", star: "⭐",
  star2: "🌟", stopwatch: "⏱️", studio_microphone: "🎙️", sunny: "☀️", tada: "🎉", technologist: "🧑‍💻", test_tube: "🧪",
  thinking_face: "🤔", thought_balloon: "💭", ticket: "🎫", trophy: "🏆", twisted_rightwards_arrows: "🔀",
  unlock: "🔓", wastebasket: "🗑️", warning: "⚠️", wave: "👋", white_check_mark: "✅", white_circle: "⚪",
  black_circle: "⚫", black_large_square: "⬛", white_large_square: "⬜", black_small_square: "▪️",
  white_small_square: "▫️", x: "❌", zap: "⚡", zzz: "💤", hand: "✋", bow: "🙇", woman_teacher: "👩‍🏫", teacher: "🧑‍🏫",
  first_place_medal: "🥇", second_place_medal: "🥈", third_place_medal: "🥉", medal: "🏅", sports_medal: "🏅",
  chart: "💹", movie_camera: "🎥", camera: "📷", frame_with_picture: "🖼️", telephone_receiver: "📞", phone: "☎️",
  robot_face: "🤖", ballot_box_with_check: "☑️", ballot_box_with_ballot: "🗳️", black_nib: "✒️", scales: "⚖️",
  triangular_ruler: "📐", straight_ruler: "📏", ocean: "🌊", anchor: "⚓", boat: "⛵", leftwards_arrow_with_hook: "↩️",
  arrow_right_hook: "↪️", fast_forward: "⏩", rewind: "⏪", black_right_pointing_triangle: "▶️", stop_button: "⏹️",
};

/** The glyph of a shortcode (skin tones are ignored), or null when this page does not know it. */
export function emoji(name) {
  const plain = name.replace(/::skin-tone-\d$/, "");
  return Object.hasOwn(GLYPHS, plain) ? GLYPHS[plain] : null;
}

/** Text with every known :shortcode: replaced by its glyph. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole);
}
