package io.meshwork.odcs;

/** All rows of a source, as what they have in common. Not thread-safe. */
final class SourceProfile {
  private final HashSlots budget = new HashSlots();
  private final RecordProfile rows = new RecordProfile(budget);
  private final FirstRowHashes held = new FirstRowHashes();

  /** The columns. */
  RecordProfile rows() {
    return rows;
  }

  /** A new column. */
  ValueProfile column(String name) {
    return rows.field(name);
  }

  void beginRow() {
    rows.begin();
  }

  void endRow() {
    held.add(rows);
  }

  long count() {
    return rows.records();
  }

  FirstRowHashes hashes() {
    return held;
  }
}
