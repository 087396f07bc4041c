// What a chart does without where it is as narrow as a phone.

export const NARROW = 520;

/** Shorter labels, and of three dates that have no room beside each other the one to plan with. */
export function narrowed(layout) {
  const small = layout.meta?.ticktext_narrow;
  if (!small) return;
  layout.xaxis.ticktext = small;
  layout.margin.l = small[0]?.length > 7 ? 40 : 32; // a day with its year is cut off otherwise
  layout.annotations = layout.annotations.filter((note) => !/^(date-50|date-95|without)$/.test(note.name));
  for (const note of layout.annotations) note.text = note.text.replace(/^now, .*/, "now");
}
