package io.meshwork.internal.table;

import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import java.util.Map;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/**
 * A table as it stood when it was read, for an engine to build on. Immutable; it does not move with
 * the table.
 */
public final class TableVersion {
  private final TableName name;
  private final FileIO files;
  private final VersionedDocument pointer;
  private final TableMetadata base;
  private final MetadataTime time;

  TableVersion(TableName name, FileIO files, VersionedDocument pointer, TableMetadata base) {
    this.name = name;
    this.files = files;
    this.pointer = pointer;
    this.base = base;
    this.time = MetadataTime.of(base);
  }

  /** Which table it is. */
  public TableName name() {
    return name;
  }

  /** What an engine may build on. Its times may be cut off at the clock of this machine. */
  public TableMetadata metadata() {
    return time.metadata();
  }

  /** Where the metadata lies. */
  public String metadataLocation() {
    return TablePointer.metadataLocation(pointer);
  }

  /** True if the table is still this one by its pointer, as it is stored now. */
  public boolean isAt(VersionedDocument current) {
    return pointer.version().equals(current.version());
  }

  /**
   * An attempt to put in force what an engine built on {@link #metadata()}. Stage it; if the
   * attempt is lost, its metadata file is deleted. Data files and manifests stay the engine's.
   *
   * @param summaries what snapshots are to say of themselves besides, by snapshot id
   */
  public TableDraft draft(
      TableMetadata built, Map<Long, Map<String, String>> summaries, Ledger.Attempt attempt) {
    return new TableDraft(name, files, attempt, pointer, base, time).adopt(built, summaries);
  }
}
