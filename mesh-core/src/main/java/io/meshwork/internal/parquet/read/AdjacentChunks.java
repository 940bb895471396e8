package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.io.RangeReadable;

/**
 * Reads small column chunks that lie next to each other with one request, because each request to
 * an object store takes longer than the bytes between them.
 */
final class AdjacentChunks {
  /** The most bytes to read at once, which are in memory twice until they are distributed. */
  static final int MAX_BYTES = 4 << 20;

  private AdjacentChunks() {}

  /**
   * Reads the chunks that have a neighbor. The other ones, and larger ones, are left to be read
   * when they are needed.
   */
  static void read(String file, RangeReadable in, List<ChunkBytes> chunks) {
    List<ChunkBytes> ordered = new ArrayList<>(chunks);
    ordered.removeIf(chunk -> chunk.length() == 0 || chunk.length() > MAX_BYTES);
    ordered.sort(Comparator.comparingLong(chunk -> chunk.fileOffset(0)));
    int from = 0;
    for (int to = 1; to <= ordered.size(); to++) {
      if (to == ordered.size() || !continues(ordered.get(from), ordered, to)) {
        if (to - from > 1) {
          readTogether(file, in, ordered.subList(from, to));
        }
        from = to;
      }
    }
  }

  private static boolean continues(ChunkBytes first, List<ChunkBytes> ordered, int index) {
    ChunkBytes next = ordered.get(index);
    return next.fileOffset(0) - end(ordered.get(index - 1)) <= ChunkBytes.GAP
        && end(next) - first.fileOffset(0) <= MAX_BYTES;
  }

  private static long end(ChunkBytes chunk) {
    return chunk.fileOffset(chunk.length());
  }

  private static void readTogether(String file, RangeReadable in, List<ChunkBytes> chunks) {
    long start = chunks.get(0).fileOffset(0);
    long end = chunks.stream().mapToLong(AdjacentChunks::end).max().orElse(start);
    byte[] bytes = new byte[(int) (end - start)];
    try {
      in.readFully(start, bytes, 0, bytes.length);
    } catch (EOFException e) {
      throw new UnreadableFileException(file, "the file is truncated", start, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    chunks.forEach(chunk -> chunk.take(bytes, (int) (chunk.fileOffset(0) - start)));
  }
}
