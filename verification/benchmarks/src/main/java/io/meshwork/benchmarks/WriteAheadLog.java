package io.meshwork.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What SQLite's write-ahead log holds. With {@code synchronous = FULL}, SQLite syncs it once a
 * commit. Source: the file format of SQLite, section 4, "The Write-Ahead Log".
 *
 * @param restarts how often the log began again after a checkpoint
 * @param commits commits since then
 */
record WriteAheadLog(int restarts, int commits) {
  private static final int HEADER = 32;
  private static final int FRAME_HEADER = 24;

  /** Reads the log of a database that has at least one commit since it was opened. */
  static WriteAheadLog of(Path database) throws IOException {
    Path file = database.resolveSibling(database.getFileName() + "-wal");
    ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(file));
    int pageSize = log.getInt(8);
    long salts = log.getLong(16);
    int commits = 0;
    for (int at = HEADER; at + FRAME_HEADER <= log.capacity(); at += FRAME_HEADER + pageSize) {
      if (log.getLong(at + 8) != salts) {
        break;
      }
      if (log.getInt(at + 4) != 0) {
        commits++;
      }
    }
    return new WriteAheadLog(log.getInt(12), commits);
  }
}
