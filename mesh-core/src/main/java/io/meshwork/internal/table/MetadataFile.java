package io.meshwork.internal.table;

import io.meshwork.internal.metadata.CopiedJson;
import io.meshwork.internal.metadata.GzipMetadata;
import io.meshwork.internal.metadata.LazySnapshots;
import io.meshwork.internal.metadata.MetadataContent;
import io.meshwork.internal.metadata.StoredSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * A metadata file: what was parsed, and its stored content, in parts. Immutable.
 *
 * @param withNewestSnapshot the same metadata with its newest snapshot only, which an update
 *     handles faster; the metadata itself where no other is known
 * @param snapshots its snapshots
 * @param length the number of bytes of its text
 * @param copied the JSON that the next file copies; empty if it was not found
 */
record MetadataFile(
    TableMetadata metadata,
    TableMetadata withNewestSnapshot,
    LazySnapshots snapshots,
    List<byte[]> content,
    long length,
    Optional<CopiedJson> copied) {
  MetadataFile {
    content = List.copyOf(content);
  }

  /**
   * A new file with this text, compressed if its name says so.
   *
   * @param text the JSON
   */
  static MetadataFile of(String location, byte[] text) {
    MetadataFile file = parseText(location, text, text);
    if (!GzipMetadata.isGzip(location)) {
      return file;
    }
    if (file.copied.isEmpty()) {
      List<byte[]> content = GzipMetadata.content(location, text);
      return file.stored(content, Optional.empty());
    }
    CopiedJson copied = file.copied.get().compressed();
    int start = StoredSnapshots.start(text);
    byte[] tail = Arrays.copyOfRange(text, start + copied.length(), text.length);
    return file.stored(
        GzipMetadata.content(Arrays.copyOf(text, start), copied, tail), Optional.of(copied));
  }

  static MetadataFile parse(String location, MetadataContent content) {
    return parseText(location, content.text(), content.stored());
  }

  private static MetadataFile parseText(String location, byte[] text, byte[] content) {
    TableMetadata metadata =
        TableMetadataParser.fromJson(location, new String(text, StandardCharsets.UTF_8));
    Optional<CopiedJson> copied =
        CopiedJson.find(text)
            .filter(copy -> copy.snapshots().count() == metadata.snapshots().size());
    LazySnapshots snapshots = LazySnapshots.of(metadata.snapshots());
    return new MetadataFile(metadata, metadata, snapshots, List.of(content), text.length, copied);
  }

  /**
   * The file with this content, which the mesh wrote. Only the newest snapshot is parsed at once,
   * because most operations need no other.
   *
   * @param earlier an earlier file of the table, if it is known
   */
  static MetadataFile parseNewest(
      String location, MetadataContent content, Optional<MetadataFile> earlier) {
    byte[] text = content.text();
    Optional<CopiedJson> copied =
        CopiedJson.find(text, earlier.flatMap(MetadataFile::copied).orElseGet(CopiedJson::none));
    if (copied.isEmpty() || copied.get().snapshots().count() < 2) {
      return parse(location, content);
    }
    StoredSnapshots all = copied.get().snapshots();
    int start = StoredSnapshots.start(text);
    int end = start + all.length();
    String before = new String(text, 0, start, StandardCharsets.UTF_8);
    String after = new String(text, end, text.length - end, StandardCharsets.UTF_8);
    TableMetadata newest;
    try {
      newest = TableMetadataParser.fromJson(location, before + all.lastText() + after);
    } catch (IllegalArgumentException e) {
      return parse(location, content); // it refers to another snapshot
    }
    LazySnapshots snapshots =
        LazySnapshots.parsedBy(
            () -> TableMetadataParser.fromJson(location, before + all.text() + after).snapshots());
    return of(newest, snapshots, List.of(content.stored()), text.length, copied);
  }

  /** The file of metadata whose newest snapshot is parsed. */
  static MetadataFile of(
      TableMetadata newest,
      LazySnapshots snapshots,
      List<byte[]> content,
      long length,
      Optional<CopiedJson> copied) {
    return new MetadataFile(snapshots.metadata(newest), newest, snapshots, content, length, copied);
  }

  private MetadataFile stored(List<byte[]> bytes, Optional<CopiedJson> compressed) {
    return new MetadataFile(metadata, withNewestSnapshot, snapshots, bytes, length, compressed);
  }

  /** The same without the content that only writing it needs. */
  MetadataFile kept() {
    return stored(List.of(), copied);
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
