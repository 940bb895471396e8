package io.meshwork.access;

import java.util.Optional;

/**
 * What a rule says about a change: accepted, or the code of the first rule that refuses it. The
 * codes are those of our Lake Formation semantics, such as {@code NOT_GRANTABLE} or {@code
 * UNKNOWN_COLUMN}. Immutable.
 *
 * @param code of the rule that refuses; empty if none does
 */
public record Ruling(Optional<String> code) {
  static final Ruling ACCEPT = new Ruling(Optional.empty());

  static Ruling reject(String code) {
    return new Ruling(Optional.of(code));
  }

  /** True if no rule refuses. */
  public boolean accepted() {
    return code.isEmpty();
  }
}
