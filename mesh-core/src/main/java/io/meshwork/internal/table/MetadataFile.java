package io.meshwork.internal.table;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * A metadata file: what was parsed, and its content in parts. Immutable.
 *
 * @param snapshots the JSON of its snapshots, for the next file; empty if it was not found
 */
record MetadataFile(
    TableMetadata metadata, List<byte[]> content, Optional<StoredSnapshots> snapshots) {
  MetadataFile {
    content = List.copyOf(content);
  }

  /** The file with this content. */
  static MetadataFile parse(String location, byte[] content) {
    TableMetadata metadata =
        TableMetadataParser.fromJson(location, new String(content, StandardCharsets.UTF_8));
    Optional<StoredSnapshots> snapshots =
        StoredSnapshots.find(content).filter(found -> found.count() == metadata.snapshots().size());
    return new MetadataFile(metadata, List.of(content), snapshots);
  }

  /**
   * The file with this content, which the mesh wrote. Only the newest snapshot is parsed at once,
   * because most operations need no other.
   */
  static MetadataFile parseNewest(String location, byte[] content) {
    Optional<StoredSnapshots> found = StoredSnapshots.find(content);
    if (found.isEmpty() || found.get().count() < 2) {
      return parse(location, content);
    }
    StoredSnapshots all = found.get();
    int start = StoredSnapshots.start(content);
    int end = start + all.length();
    String before = new String(content, 0, start, StandardCharsets.UTF_8);
    String after = new String(content, end, content.length - end, StandardCharsets.UTF_8);
    TableMetadata newest;
    try {
      newest = TableMetadataParser.fromJson(location, before + all.lastText() + after);
    } catch (IllegalArgumentException e) {
      return parse(location, content); // it refers to another snapshot
    }
    Snapshot last = newest.snapshots().get(0);
    TableMetadata metadata =
        TableMetadata.buildFrom(newest)
            .withMetadataLocation(location)
            .setSnapshotsSupplier(
                () -> {
                  String text = before + all.text() + after;
                  List<Snapshot> parsed =
                      new ArrayList<>(TableMetadataParser.fromJson(location, text).snapshots());
                  parsed.set(parsed.size() - 1, last); // which may have read its manifests
                  return parsed;
                })
            .build();
    return new MetadataFile(metadata, List.of(content), found);
  }

  /** The same without the content that only writing it needs. */
  MetadataFile kept() {
    return new MetadataFile(metadata, List.of(), snapshots);
  }

  /** The hash of the content. */
  String hash() {
    return TablePointer.hash(content);
  }

  void writeTo(OutputStream out) throws IOException {
    for (byte[] part : content) {
      out.write(part);
    }
  }
}
