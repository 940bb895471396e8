package io.meshwork.internal.table;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
    byte[] before = Arrays.copyOf(content, start);
    byte[] after = Arrays.copyOfRange(content, start + all.json().length, content.length);
    TableMetadata newest;
    try {
      newest = TableMetadataParser.fromJson(location, text(before, all.lastJson(), after));
    } catch (IllegalArgumentException e) {
      return parse(location, content); // it refers to another snapshot
    }
    Snapshot last = newest.snapshots().get(0);
    TableMetadata metadata =
        TableMetadata.buildFrom(newest)
            .withMetadataLocation(location)
            .setSnapshotsSupplier(
                () -> {
                  String text = text(before, all.json(), after);
                  List<Snapshot> parsed =
                      new ArrayList<>(TableMetadataParser.fromJson(location, text).snapshots());
                  parsed.set(parsed.size() - 1, last); // which may have read its manifests
                  return parsed;
                })
            .build();
    return new MetadataFile(metadata, List.of(content), found);
  }

  private static String text(byte[] before, byte[] snapshots, byte[] after) {
    return new String(before, StandardCharsets.UTF_8)
        + new String(snapshots, StandardCharsets.UTF_8)
        + new String(after, StandardCharsets.UTF_8);
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
