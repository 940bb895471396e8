package io.meshwork.internal.compatibility;

/** Whether an Iceberg table takes a change of schema without being written anew, easiest first. */
public enum InPlace {
  /** It does. */
  YES,
  /** It does, with the new column optional there: readers take its null for the empty default. */
  YES_AS_OPTIONAL,
  /** It does from table format 3 on. */
  YES_V3,
  /** It does not. */
  NO,
  /** One of the schemas is not legal. */
  NOT_APPLICABLE;

  InPlace orHarder(InPlace other) {
    return compareTo(other) >= 0 ? this : other;
  }

  InPlace orEasier(InPlace other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
