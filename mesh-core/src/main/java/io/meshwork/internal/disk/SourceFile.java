package io.meshwork.internal.disk;

import io.meshwork.internal.runtime.Sha256;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * What the caller's files are before they are read: rows are read several times, so that a pipe or
 * a device cannot be their source, but a copy of it can. Links are followed. Thread-safe.
 */
public final class SourceFile {
  private static final int BUFFER_BYTES = 1 << 16;

  /** What was copied to read it several times, by the path of the copy. */
  private static final Map<Path, String> COPIES = new ConcurrentHashMap<>();

  /** Who follows how many bytes of a file are read, by its path. */
  private static final Map<Path, LongConsumer> FOLLOWERS = new ConcurrentHashMap<>();

  private SourceFile() {}

  /**
   * Tells how many bytes of a file were read since it was opened last, each time that more are
   * read, until {@link #unfollow}.
   */
  public static void follow(Path file, LongConsumer bytes) {
    FOLLOWERS.put(file, bytes);
  }

  /** Ends what {@link #follow} began. */
  public static void unfollow(Path file) {
    FOLLOWERS.remove(file);
  }

  /**
   * Lets messages name what the caller gave, such as standard input or a pipe, instead of the copy
   * of it, until {@link #forget}.
   */
  public static void copied(Path copy, String source) {
    COPIES.put(copy, source);
  }

  /** Ends what {@link #copied} began. */
  public static void forget(Path copy) {
    COPIES.remove(copy);
  }

  /** What a file is a copy of; empty for the caller's own file. */
  public static Optional<String> source(Path file) {
    return Optional.ofNullable(COPIES.get(file));
  }

  /** The name of a file in messages: the last part of its path, or what it is a copy of. */
  public static String name(Path file) {
    return source(file).orElseGet(() -> String.valueOf(file.getFileName()));
  }

  /**
   * Why a path cannot be read as a file.
   *
   * @param reason the end of a sentence
   * @param fix a sentence
   */
  public record Fault(String reason, String fix) {}

  /**
   * Returns why a path cannot be read as a file; empty for a file. Opens nothing, because opening a
   * pipe waits for its writer.
   */
  public static Optional<Fault> fault(Path path) {
    if (Files.isRegularFile(path)) {
      return Optional.empty();
    } else if (Files.isDirectory(path)) {
      return Optional.of(new Fault("it is a folder", "Name the files in it."));
    } else if (Files.exists(path)) {
      return Optional.of(
          new Fault(
              "it is a pipe or a device, which can be read only once",
              "Write its content to a file, and name the file."));
    }
    return Optional.of(new Fault(unreadable(path), "Check the path and its permissions."));
  }

  /** Why a file could not be read, with its whole path. */
  public static String unreadable(Path file) {
    return (Files.notExists(file) ? "it does not exist at " : "this process cannot read it at ")
        + file.toAbsolutePath();
  }

  /**
   * Opens a file of text, which may be compressed by gzip.
   *
   * @throws IOException if it cannot be read; reading throws a {@code ZipException} or an {@code
   *     EOFException} if its compressed content is damaged or incomplete
   */
  public static InputStream open(Path file) throws IOException {
    LongConsumer follower = FOLLOWERS.get(file);
    InputStream stored = Files.newInputStream(file);
    InputStream in =
        new BufferedInputStream(
            follower == null ? stored : new FollowedInput(stored, follower), BUFFER_BYTES);
    boolean opened = false;
    try {
      in.mark(2);
      boolean compressed = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      InputStream content = compressed ? new GzipInput(in) : in;
      opened = true;
      return content;
    } finally {
      if (!opened) {
        in.close();
      }
    }
  }

  /** Returns the SHA-256 of the stored bytes of a file. */
  public static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = Sha256.newDigest();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /** Tells how many bytes were read. Its buffer reads many at a time. */
  private static final class FollowedInput extends FilterInputStream {
    private final LongConsumer follower;
    private long done;

    FollowedInput(InputStream in, LongConsumer follower) {
      super(in);
      this.follower = follower;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int read = super.read(target, from, length);
      if (read > 0) {
        done += read;
        follower.accept(done);
      }
      return read;
    }
  }
}
