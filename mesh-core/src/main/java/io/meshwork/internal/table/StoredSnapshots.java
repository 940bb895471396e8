package io.meshwork.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The JSON of all snapshots as a metadata file has it. The next file of the table gets a copy,
 * because parsing and writing the JSON of 1,000 snapshots takes longer than a small publish.
 * Immutable.
 */
final class StoredSnapshots {
  /** How Iceberg and we write it; a text in JSON cannot have it, since its quotes are escaped. */
  static final String START = "\"snapshots\":[";

  private final byte[] json;
  private final int count;
  private final int last;

  private StoredSnapshots(byte[] json, int count, int last) {
    this.json = json;
    this.count = count;
    this.last = last;
  }

  /** Finds the snapshots in a metadata file; empty if the file is written in another way. */
  static Optional<StoredSnapshots> find(byte[] file) {
    int start = start(file);
    int depth = 0;
    int found = 0;
    int last = start;
    for (int i = start; start > 0 && i < file.length; i++) {
      switch (file[i]) {
        case '"' -> i = endOfText(file, i);
        case '{', '[' -> {
          if (depth++ == 0) {
            found++;
            last = i;
          }
        }
        case '}' -> depth--;
        case ']' -> {
          if (depth-- == 0) {
            byte[] json = Arrays.copyOfRange(file, start, i);
            return Optional.of(new StoredSnapshots(json, found, last - start));
          }
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  /** These and one more. */
  StoredSnapshots plus(String snapshot) {
    String separator = count == 0 ? "" : ",";
    byte[] added = (separator + snapshot).getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[json.length + added.length];
    System.arraycopy(json, 0, all, 0, json.length);
    System.arraycopy(added, 0, all, json.length, added.length);
    return new StoredSnapshots(all, count + 1, json.length + separator.length());
  }

  /** The number of snapshots. */
  int count() {
    return count;
  }

  /** The JSON between the brackets of the list; the caller does not change it. */
  byte[] json() {
    return json;
  }

  /** The JSON of the last one, which usually is the current one; empty if there is none. */
  byte[] lastJson() {
    return Arrays.copyOfRange(json, last, json.length);
  }

  /** Where a metadata file has the JSON between the brackets of the list; -1 if it is not there. */
  static int start(byte[] file) {
    byte[] wanted = START.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i <= file.length - wanted.length; i++) {
      int same = 0;
      while (same < wanted.length && file[i + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return i + same;
      }
    }
    return -1;
  }

  private static int endOfText(byte[] file, int start) {
    int i = start + 1;
    while (i < file.length && file[i] != '"') {
      i += file[i] == '\\' ? 2 : 1;
    }
    return i;
  }
}
