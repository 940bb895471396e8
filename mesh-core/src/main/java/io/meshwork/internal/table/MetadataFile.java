package io.meshwork.internal.table;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
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
