package io.meshwork.odcs.internal.profile;

/** The profile of all rows of a source. Not thread-safe. */
public final class SourceProfile {
  private final HashMemory budget = new HashMemory();
  private final RecordProfile rows = new RecordProfile(budget);
  private final RowHashSample hashes = new RowHashSample();

  /** Returns the profile of the columns. */
  public RecordProfile rows() {
    return rows;
  }

  /** Adds a column. */
  ValueProfile column(String name) {
    return rows.field(name);
  }

  void beginRow() {
    rows.begin();
  }

  void endRow() {
    hashes.add(rows);
  }

  public long count() {
    return rows.records();
  }

  RowHashSample hashes() {
    return hashes;
  }
}
