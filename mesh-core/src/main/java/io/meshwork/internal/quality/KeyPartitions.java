package io.meshwork.internal.quality;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys with a number each that exceed the memory limit, in temporary files partitioned by hash:
 * equal keys are in the same file, in insertion order. Not thread-safe.
 */
final class KeyPartitions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyPartitions.class);

  static final int COUNT = 64;

  private static final int COUNT_BITS = 6;
  private static final int FIRST_BIT = 34;
  private static final int DEEPEST = 4;
  private static final int WRITE_BUFFER = 8 << 10;
  private static final int READ_BUFFER = 64 << 10;
  private static final int RECORD_BYTES = Integer.BYTES + 2 * Long.BYTES;

  private final int level;
  private final @Nullable DataOutputStream[] writers = new @Nullable DataOutputStream[COUNT];
  private final long[] bytes = new long[COUNT];
  private @Nullable Path folder;

  KeyPartitions() {
    this(0);
  }

  private KeyPartitions(int level) {
    this.level = level;
  }

  /** Receives the keys of one file, in order. */
  interface Receiver {
    /** Receives the next key, whose array is reused. */
    void take(byte[] key, int length, long hash, long number);
  }

  /** Visits one file after the other. */
  interface Visitor {
    /** Visits a file, which can be read more than once. */
    void visit(Partition partition);
  }

  /** The keys of one file. */
  interface Partition {
    void read(Receiver receiver);
  }

  /** Adds a key. */
  void add(byte[] key, int length, long hash, long number) {
    int part = (int) (hash >>> (FIRST_BIT - COUNT_BITS * level)) & (COUNT - 1);
    try {
      DataOutputStream out = writers[part];
      if (out == null) {
        out =
            new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file(part)), WRITE_BUFFER));
        writers[part] = out;
      }
      out.writeInt(length);
      out.writeLong(hash);
      out.writeLong(number);
      out.write(key, 0, length);
      bytes[part] += RECORD_BYTES + (long) length;
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  /**
   * Visits all files, after splitting those that need too much memory.
   *
   * @param maxBytes memory limit per file
   */
  void each(long maxBytes, Visitor visitor) {
    flush();
    for (int part = 0; part < COUNT; part++) {
      if (bytes[part] == 0) {
        continue;
      }
      int one = part;
      if (bytes[part] <= maxBytes || level == DEEPEST) {
        visitor.visit(receiver -> read(one, receiver));
      } else {
        try (KeyPartitions smaller = new KeyPartitions(level + 1)) {
          read(part, smaller::add);
          smaller.each(maxBytes, visitor);
        }
      }
    }
  }

  /** Reads one of the files; does nothing if it does not exist. */
  void readOne(int part, Receiver receiver) {
    flush();
    if (bytes[part] > 0) {
      read(part, receiver);
    }
  }

  private void flush() {
    try {
      for (DataOutputStream out : writers) {
        if (out != null) {
          out.flush();
        }
      }
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  private void read(int part, Receiver receiver) {
    byte[] key = new byte[64];
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(file(part)), READ_BUFFER))) {
      for (long at = 0; at < bytes[part]; ) {
        int length = in.readInt();
        long hash = in.readLong();
        long number = in.readLong();
        key = length > key.length ? new byte[Math.max(length, key.length * 2)] : key;
        in.readFully(key, 0, length);
        at += RECORD_BYTES + (long) length;
        receiver.take(key, length, hash, number);
      }
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  private Path file(int part) throws IOException {
    Path in = folder;
    if (in == null) {
      in =
          Files.createTempDirectory(
              Path.of(System.getProperty("java.io.tmpdir", ".")), "meshwork-keys-");
      folder = in;
    }
    return in.resolve(part + ".keys");
  }

  /** Deletes the files, on a best-effort basis. */
  @Override
  public void close() {
    Path in = folder;
    if (in == null) {
      return;
    }
    folder = null;
    for (int part = 0; part < COUNT; part++) {
      try {
        DataOutputStream out = writers[part];
        if (out != null) {
          out.close();
        }
      } catch (IOException e) {
        LOG.debug("a temporary file of keys could not be closed; it is deleted nevertheless", e);
      }
      delete(in.resolve(part + ".keys"));
    }
    delete(in);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted; it contains keys of a publish that has ended", path);
      path.toFile().deleteOnExit();
    }
  }

  private static BackendException cannotSpill(IOException cause) {
    return Failure.of(MeshAction.of(Verb.CHECK, "unique keys"))
        .because(
            "the keys that exceed the memory limit could not be written to the folder for temporary"
                + " files")
        .state("Nothing was published.")
        .fix("Free space there, or set java.io.tmpdir.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
