package io.meshwork.proposal;

/** All rows of a source, as what they have in common. Not thread-safe. */
final class Observed {
  private final HashSlots room = new HashSlots();
  private final RecordProfile rows = new RecordProfile(room);
  private final HeldHashes held = new HeldHashes();

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

  HeldHashes held() {
    return held;
  }
}
