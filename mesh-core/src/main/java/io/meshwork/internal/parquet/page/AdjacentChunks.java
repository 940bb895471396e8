package io.meshwork.internal.parquet.page;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.io.RangeReadable;

/**
 * Reads small column chunks that lie next to each other with one request, because each request to
 * an object store takes longer than the bytes between them.
 */
public final class AdjacentChunks {
  /** The most bytes to read at once, which are in memory twice until they are distributed. */
  static final int MAX_BYTES = 4 << 20;

  /** The most bytes to read of chunks without a neighbor, of a row group that is not needed yet. */
  private static final long MAX_AHEAD = 32L << 20;

  private AdjacentChunks() {}

  /**
   * Bytes of a file.
   *
   * @param start offset in the file
   * @param length at least 1
   */
  record ByteRange(long start, long length) {
    long end() {
      return start + length;
    }

    /** Reads the bytes with one request. */
    byte[] read(String file, RangeReadable in) {
      byte[] bytes = new byte[(int) length];
      try {
        in.readFully(start, bytes, 0, bytes.length);
        return bytes;
      } catch (EOFException e) {
        throw new UnreadableFileException(file, "the file is truncated", start, e);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    }

    /** Gives each chunk of which no byte was read its bytes in this range, from its start. */
    void giveTo(Collection<ChunkBytes> chunks, byte[] bytes) {
      for (ChunkBytes chunk : chunks) {
        long from = chunk.fileOffset(0) - start;
        if (from >= 0 && from < length && chunk.isUnread()) {
          chunk.take(bytes, (int) from, (int) Math.min(chunk.length(), length - from));
        }
      }
    }
  }

  /**
   * Reads the chunks that have a neighbor. The other ones, and larger ones, are left to be read
   * when they are needed.
   */
  public static void read(
      String file, RangeReadable in, List<ChunkBytes> chunks, ColumnTasks tasks) {
    List<ByteRange> parts = new ArrayList<>();
    for (ChunkBytes chunk : chunks) {
      if (chunk.isUnread() && chunk.length() > 0 && chunk.length() <= MAX_BYTES) {
        parts.add(new ByteRange(chunk.fileOffset(0), chunk.length()));
      }
    }
    List<ByteRange> ranges = new ArrayList<>(together(parts));
    ranges.removeAll(parts);
    List<byte[]> bytes = new ArrayList<>();
    List<Runnable> requests = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      int range = i;
      bytes.add(new byte[0]);
      requests.add(() -> bytes.set(range, ranges.get(range).read(file, in)));
    }
    tasks.runAll(requests);
    for (int i = 0; i < ranges.size(); i++) {
      ranges.get(i).giveTo(chunks, bytes.get(i));
    }
  }

  /**
   * Reads the first bytes of chunks in the ranges in which they are read when they are needed: of
   * all chunks with a neighbor, and of others up to {@link #MAX_AHEAD}. What fails is read again
   * then.
   */
  public static void readAhead(
      String file, RangeReadable in, List<ChunkBytes> chunks, ColumnTasks tasks) {
    Map<ByteRange, ChunkBytes> parts = new LinkedHashMap<>();
    for (ChunkBytes chunk : chunks) {
      if (chunk.length() > 0) {
        parts.putIfAbsent(new ByteRange(chunk.fileOffset(0), chunk.firstLength()), chunk);
      }
    }
    List<Runnable> requests = new ArrayList<>();
    long alone = 0;
    for (ByteRange range : together(List.copyOf(parts.keySet()))) {
      ChunkBytes single = parts.get(range);
      alone += single == null ? 0 : range.length();
      if (single != null && alone > MAX_AHEAD) {
        continue;
      }
      requests.add(
          () -> {
            try {
              if (single != null) {
                single.fetch(0, 1);
              } else {
                range.giveTo(parts.values(), range.read(file, in));
              }
            } catch (UncheckedIOException | UnreadableFileException | OutOfMemoryError e) {
              // Chunks that are unread are read when they are needed.
            }
          });
    }
    tasks.runAll(requests);
  }

  /** Returns the ranges to request: parts that lie together become one range. */
  static List<ByteRange> together(List<ByteRange> parts) {
    List<ByteRange> ordered = new ArrayList<>(parts);
    ordered.sort(Comparator.comparingLong(ByteRange::start));
    List<ByteRange> ranges = new ArrayList<>();
    for (ByteRange next : ordered) {
      ByteRange last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null
          && next.start() - last.end() <= ChunkBytes.GAP
          && Math.max(last.end(), next.end()) - last.start() <= MAX_BYTES) {
        long end = Math.max(last.end(), next.end());
        ranges.set(ranges.size() - 1, new ByteRange(last.start(), end - last.start()));
      } else {
        ranges.add(next);
      }
    }
    return ranges;
  }
}
