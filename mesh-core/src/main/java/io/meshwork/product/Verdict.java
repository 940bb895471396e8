package io.meshwork.product;

import java.util.Locale;

/**
 * What a change of a contract means for its version. In this order up to {@code MAJOR}; {@code
 * REFUSED} stands outside of it, for what is no legal contract has no version.
 */
public enum Verdict {
  /** Nothing changed; no version is made. */
  NONE,
  /** Consumers see no difference. */
  PATCH,
  /** Consumers get more, and whoever read the old version reads the new one. */
  MINOR,
  /** A promise other than the columns gets weaker: consumers are asked, and then it is a minor. */
  AMENDMENT,
  /** Consumers would break or misread, so the change needs a new major beside the old one. */
  MAJOR,
  /** One of the contracts is not legal; nothing else was looked at. */
  REFUSED;

  /** The worse of the two; {@code REFUSED} is worse than all. */
  public Verdict orWorse(Verdict other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** The name in small letters, as changelogs write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
