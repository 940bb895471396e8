package io.meshwork.internal.table;

import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import java.util.Map;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/** A version of a table, on which an engine builds an update. Immutable. */
public final class TableVersion {
  private final TableName name;
  private final FileIO files;
  private final VersionedDocument pointer;
  private final TableMetadata base;
  private final MetadataTime time;
  private final GzipFeature gzip;

  TableVersion(
      TableName name,
      FileIO files,
      VersionedDocument pointer,
      TableMetadata base,
      GzipFeature gzip) {
    this.name = name;
    this.files = files;
    this.pointer = pointer;
    this.base = base;
    this.time = MetadataTime.of(base);
    this.gzip = gzip;
  }

  public TableName name() {
    return name;
  }

  /** The base metadata for an engine. Its times are limited to the clock of this host. */
  public TableMetadata metadata() {
    return time.metadata();
  }

  public String metadataLocation() {
    return TablePointer.metadataLocation(pointer);
  }

  /** True if this is the version of the current pointer. */
  public boolean isAt(VersionedDocument current) {
    return pointer.version().equals(current.version());
  }

  /**
   * A draft of the update that an engine built on {@link #metadata()}. Stage it; if the attempt is
   * not committed, its metadata file is deleted. The engine deletes data files and manifests.
   *
   * @param summaries further properties of snapshots, by snapshot ID
   */
  public TableDraft draft(
      TableMetadata built, Map<Long, Map<String, String>> summaries, Ledger.Attempt attempt) {
    return new TableDraft(name, files, ManifestCache.NONE, attempt, pointer, base, time)
        .compressedWith(gzip)
        .adopt(built, summaries);
  }
}
