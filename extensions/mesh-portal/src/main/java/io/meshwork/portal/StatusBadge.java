package io.meshwork.portal;

/** The status of a product as a word and a shape; the colour only repeats it. Worst first. */
enum StatusBadge {
  LATE("\u25B2", "late"),
  VIOLATED("\u25A0", "violated"),
  UNKNOWN("\u25CB", ""),
  NEVER_PUBLISHED("\u25CB", ""),
  FRESH("\u25CF", "fresh"),
  NO_PROMISE("\u2013", "");

  private final String shape;
  private final String tone;

  StatusBadge(String shape, String tone) {
    this.shape = shape;
    this.tone = tone;
  }

  String shape() {
    return shape;
  }

  /** Returns the class of the style. */
  String tone() {
    return tone;
  }

  String word() {
    return name().replace('_', ' ');
  }
}
