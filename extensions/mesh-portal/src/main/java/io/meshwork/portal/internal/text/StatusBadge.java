package io.meshwork.portal.internal.text;

import io.meshwork.card.Health;

/** The status of a product as a word and a shape; the colour only repeats it. Worst first. */
public enum StatusBadge {
  LATE("\u25B2", "late"),
  VIOLATED("\u25A0", "violated"),
  QUARANTINING("\u25C6", "late"),
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

  public static StatusBadge of(Health.Status status) {
    return valueOf(status.name());
  }

  public String shape() {
    return shape;
  }

  /** Returns the class of the style. */
  public String tone() {
    return tone;
  }

  /** Returns true if somebody has to act. */
  public boolean isTrouble() {
    return this == LATE || this == VIOLATED;
  }

  /** Returns true if its owner has something to do. */
  public boolean needsAttention() {
    return isTrouble() || this == QUARANTINING;
  }

  public String word() {
    return name().replace('_', ' ');
  }

  /** Returns what stands in place of the time of the last update, if that is not there. */
  public String withoutUpdate() {
    return this == UNKNOWN ? "unknown" : "never";
  }
}
