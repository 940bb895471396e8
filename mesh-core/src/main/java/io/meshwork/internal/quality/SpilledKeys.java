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
 * A set of distinct keys with a memory limit: when it is reached, keys are moved to temporary files
 * partitioned by hash, in which duplicates are detected when they are counted. Not thread-safe.
 */
final class SpilledKeys implements AutoCloseable {
  /** The memory limit in bytes, above which keys are moved to files. */
  static final long MAX_IN_MEMORY = 32L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(SpilledKeys.class);
  private static final int FILES = 64;
  private static final int FIRST_BIT = 40;
  private static final int BUFFER = 16 << 10;

  private final long maxInMemory;
  private final ByteKeys keys = new ByteKeys();
  private final @Nullable DataOutputStream[] files = new @Nullable DataOutputStream[FILES];
  private final long[] spilled = new long[FILES];
  private @Nullable Path folder;

  SpilledKeys(long maxInMemory) {
    this.maxInMemory = maxInMemory;
  }

  /** Receives keys. */
  interface Receiver {
    /** Receives a key, whose array is reused. */
    void take(byte[] key, int length);
  }

  void add(byte[] key, int length) {
    if (keys.add(key, length) && keys.memory() > maxInMemory) {
      spill();
    }
  }

  /** Returns the number of distinct keys. */
  long count() {
    if (folder == null) {
      return keys.size();
    }
    long[] count = {0};
    each((key, length) -> count[0]++);
    return count[0];
  }

  /** Passes each distinct key to the receiver once. */
  void each(Receiver receiver) {
    if (folder == null) {
      keys.each(key -> receiver.take(key, key.length));
      return;
    }
    spill();
    for (int file = 0; file < FILES; file++) {
      ByteKeys seen = new ByteKeys();
      read(
          file,
          (key, length) -> {
            if (seen.add(key, length)) {
              receiver.take(key, length);
            }
          });
    }
  }

  private void spill() {
    keys.each(this::write);
    keys.clear();
    try {
      for (DataOutputStream file : files) {
        if (file != null) {
          file.flush();
        }
      }
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  private void write(byte[] key) {
    int part = (int) (ByteKeys.hash(key, 0, key.length) >>> FIRST_BIT) & (FILES - 1);
    try {
      DataOutputStream file = files[part];
      if (file == null) {
        file =
            new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(path(part)), BUFFER));
        files[part] = file;
      }
      file.writeInt(key.length);
      file.write(key);
      spilled[part]++;
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  private void read(int part, Receiver receiver) {
    if (spilled[part] == 0) {
      return;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path(part)), BUFFER))) {
      for (long i = 0; i < spilled[part]; i++) {
        byte[] key = new byte[in.readInt()];
        in.readFully(key);
        receiver.take(key, key.length);
      }
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  private Path path(int part) throws IOException {
    Path in = folder;
    if (in == null) {
      in = Files.createTempDirectory("meshwork-values-");
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
    for (int part = 0; part < FILES; part++) {
      DataOutputStream file = files[part];
      files[part] = null;
      try {
        if (file != null) {
          file.close();
        }
        Files.deleteIfExists(in.resolve(part + ".keys"));
      } catch (IOException e) {
        LOG.warn("A temporary file in {} could not be deleted: {}", in, e.getClass().getName());
      }
    }
    try {
      Files.deleteIfExists(in);
    } catch (IOException e) {
      LOG.warn("The temporary folder {} could not be deleted: {}", in, e.getClass().getName());
    }
  }

  private static BackendException cannotSpill(IOException cause) {
    return Failure.of(MeshAction.of(Verb.COUNT, "distinct values"))
        .because(
            "the values that exceed the memory limit could not be written to the folder for"
                + " temporary files")
        .state("Nothing was published.")
        .fix("Free space there, or set java.io.tmpdir.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
