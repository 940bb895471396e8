package io.meshwork.aws.internal.dynamo;

import java.util.Optional;

/** Who sends the requests of a registry. Thread-safe. */
public interface RegistryCaller {
  /** Names the caller in messages, such as {@code 222222222222/commerce-etl}. */
  String name();

  /** Returns how to get a permission that is missing; empty if only policies decide. */
  default Optional<String> fix() {
    return Optional.empty();
  }

  /**
   * Assumes the caller's own role, if STS denied it before. Returns true if it has the role now, so
   * that a denied request may succeed.
   */
  default boolean assumesDeniedRole() {
    return false;
  }

  /** Returns a caller whose credentials always belong to one role. */
  static RegistryCaller named(String name) {
    return () -> name;
  }
}
