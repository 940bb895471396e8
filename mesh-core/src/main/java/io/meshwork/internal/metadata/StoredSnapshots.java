package io.meshwork.internal.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The JSON of all snapshots as a metadata file has it. The next file of the table gets the same
 * JSON and one more snapshot, because parsing and writing the JSON of 1,000 snapshots takes longer
 * than a small publish. It is stored in parts, which the snapshots of consecutive files share. If
 * the files are compressed, so are the parts, each without the others. Immutable.
 */
public final class StoredSnapshots {
  /** How Iceberg and we write it; a JSON string cannot have it, since its quotes are escaped. */
  public static final String START = "\"snapshots\":[";

  private static final byte[] BEFORE_NEXT = {',', '{'};

  /** A part of this size gets no further snapshot. */
  private static final int FULL_PART = 256 << 10;

  /** The number of bytes before a snapshot that its compression repeats: about one snapshot. */
  private static final int REPEATED = 1_500;

  /** Each but the last ends before a comma; the last has the last snapshot. */
  private final List<byte[]> parts;

  /** The parts in DEFLATE; none if the file is not compressed. */
  private final List<byte[]> deflated;

  /** The CRC-32 of the JSON; 0 if the file is not compressed. */
  private final int checksum;

  private final int count;

  /** Where the last part has the last snapshot. */
  private final int last;

  private StoredSnapshots(
      List<byte[]> parts, List<byte[]> deflated, int checksum, int count, int last) {
    this.parts = List.copyOf(parts);
    this.deflated = List.copyOf(deflated);
    this.checksum = checksum;
    this.count = count;
    this.last = last;
  }

  /** No snapshot. */
  static StoredSnapshots none() {
    return new StoredSnapshots(List.of(new byte[0]), List.of(), 0, 0, 0);
  }

  /**
   * Finds the snapshots in the text of a metadata file; empty if the file is written in another
   * way.
   */
  static Optional<StoredSnapshots> find(byte[] file) {
    List<byte[]> parts = new ArrayList<>();
    int start = start(file);
    int depth = 0;
    int count = 0;
    int last = start;
    int end = start; // of the last complete snapshot
    for (int i = start; start > 0 && i < file.length; i++) {
      switch (file[i]) {
        case '"' -> i = MetadataText.endOfText(file, i);
        case '{', '[' -> {
          if (depth++ == 0) {
            if (end - start >= FULL_PART) {
              parts.add(Arrays.copyOfRange(file, start, end));
              start = end;
            }
            count++;
            last = i;
          }
        }
        case '}' -> {
          if (--depth == 0) {
            end = i + 1;
          }
        }
        case ']' -> {
          if (depth-- == 0) {
            parts.add(Arrays.copyOfRange(file, start, i));
            return Optional.of(new StoredSnapshots(parts, List.of(), 0, count, last - start));
          }
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  /**
   * Finds the snapshots in the text of a metadata file as {@link #find}; snapshots of an earlier
   * file are not searched or compressed again.
   */
  static Optional<StoredSnapshots> find(byte[] file, StoredSnapshots earlier) {
    return earlier.continued(file).or(() -> find(file));
  }

  /** These, and what a file has after them; empty if it does not begin with these. */
  private Optional<StoredSnapshots> continued(byte[] file) {
    int next = start(file);
    if (next < 0 || count == 0) {
      return Optional.empty();
    }
    for (byte[] part : parts) {
      if (!MetadataText.hasAt(next, part, file)) {
        return Optional.empty();
      }
      next += part.length;
    }
    StoredSnapshots all = this;
    while (MetadataText.hasAt(next, BEFORE_NEXT, file)) {
      int end = MetadataText.endOfList(file, next + BEFORE_NEXT.length);
      if (end < 0) {
        return Optional.empty();
      }
      all = all.plus(new String(file, next + 1, end - next, StandardCharsets.UTF_8));
      next = end + 1;
    }
    return next < file.length && file[next] == ']' ? Optional.of(all) : Optional.empty();
  }

  /** These and one more, compressed if these are. */
  StoredSnapshots plus(String snapshot) {
    String separator = count == 0 ? "" : ",";
    byte[] added = (separator + snapshot).getBytes(StandardCharsets.UTF_8);
    List<byte[]> all = new ArrayList<>(parts);
    List<byte[]> compressed = new ArrayList<>(deflated);
    byte[] newest = all.get(all.size() - 1);
    int offset = 0;
    if (newest.length >= FULL_PART) {
      all.add(added);
      if (!compressed.isEmpty()) {
        compressed.add(GzipMetadata.deflate(added, 0, 0));
      }
    } else {
      offset = newest.length;
      byte[] longer = MetadataText.joined(newest, added);
      all.set(all.size() - 1, longer);
      if (!compressed.isEmpty()) {
        compressed.set(
            all.size() - 1, deflated(longer, offset, compressed.get(compressed.size() - 1)));
      }
    }
    int joined =
        compressed.isEmpty()
            ? 0
            : JoinedChecksum.of(checksum, JoinedChecksum.of(added), added.length);
    return new StoredSnapshots(all, compressed, joined, count + 1, offset + separator.length());
  }

  /** A part in DEFLATE, whose beginning is compressed. A full part is compressed as one. */
  private static byte[] deflated(byte[] part, int offset, byte[] beginning) {
    return part.length >= FULL_PART
        ? GzipMetadata.deflate(part, 0, 0)
        : MetadataText.joined(
            beginning, GzipMetadata.deflate(part, offset, Math.min(offset, REPEATED)));
  }

  /** The same, compressed in little time, because an open mesh does it once for most tables. */
  StoredSnapshots compressed() {
    if (!deflated.isEmpty()) {
      return this;
    }
    List<byte[]> compressed =
        parts.stream().map(part -> GzipMetadata.deflateFast(part, 0, part.length)).toList();
    CRC32 sum = new CRC32();
    parts.forEach(sum::update);
    return new StoredSnapshots(parts, compressed, (int) sum.getValue(), count, last);
  }

  /** The number of snapshots. */
  public int count() {
    return count;
  }

  /** The JSON between the brackets of the list, in parts, which the caller does not change. */
  List<byte[]> parts() {
    return parts;
  }

  /** The parts in DEFLATE, which the caller does not change; none if they are not compressed. */
  List<byte[]> deflated() {
    return deflated;
  }

  /** The CRC-32 of the JSON, if it is compressed. */
  int checksum() {
    return checksum;
  }

  /** The number of bytes that are stored. */
  int size() {
    return length() + deflated.stream().mapToInt(part -> part.length).sum();
  }

  /** The number of bytes of the JSON. */
  public int length() {
    return parts.stream().mapToInt(part -> part.length).sum();
  }

  /** The JSON between the brackets of the list. */
  public String text() {
    ByteArrayOutputStream all = new ByteArrayOutputStream(length());
    parts.forEach(all::writeBytes);
    return all.toString(StandardCharsets.UTF_8);
  }

  /** The JSON of the last one, which usually is the current one; empty if there is none. */
  public String lastText() {
    byte[] newest = parts.get(parts.size() - 1);
    return new String(newest, last, newest.length - last, StandardCharsets.UTF_8);
  }

  /** Where a metadata file has the JSON between the brackets of the list; -1 if it is not there. */
  public static int start(byte[] file) {
    return MetadataText.indexAfter(START, file, 0);
  }
}
