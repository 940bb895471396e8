package io.meshwork.internal.quality;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys with a number each, partitioned by hash: equal keys are in the same partition, in insertion
 * order. Keys are only appended: each partition fills a block. Full blocks are kept in memory up to
 * a limit; beyond it, all blocks are written to one temporary file. Not thread-safe.
 *
 * <p>Partitions use the lower bits of a hash and {@link KeySet} the upper ones, so that the keys of
 * one partition spread over the slots of a set.
 */
final class KeyPartitions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyPartitions.class);

  static final int COUNT = 256;

  private static final int COUNT_BITS = 8;
  private static final int DEEPEST = 3;
  private static final int LEAST_BLOCK = 1 << 10;
  private static final int LARGEST_BLOCK = 64 << 10;

  /** Small enough that the blocks of all partitions stay in the cache of a core. */
  private static final int LARGEST_KEPT_BLOCK = 2 << 10;

  private static final int HASH_AT = Integer.BYTES;
  private static final int NUMBER_AT = HASH_AT + Long.BYTES;
  private static final int HEAD_BYTES = NUMBER_AT + Long.BYTES;

  private final Contents contents;
  private final long maxMemory;
  private final int level;
  private final int blockBytes;
  private final long maxKept;
  private long kept;
  private boolean keeps;

  /** For each partition, its full blocks in memory, in order. */
  private final List<List<KeptBlock>> keptBlocks = new ArrayList<>();

  private final byte[][] blocks = new byte[COUNT][];
  private final int[] used = new int[COUNT];
  private final long[] bytes = new long[COUNT];
  private final long[] records = new long[COUNT];

  /** For each partition, the offset and length in the file of each of its blocks. */
  private final long[][] written = new long[COUNT][];

  private final int[] writtenCount = new int[COUNT];
  private @Nullable Path file;
  private @Nullable FileChannel channel;
  private long end;

  /** What the keys are, for the names of files and for errors. */
  enum Contents {
    UNIQUE_KEYS("meshwork-keys-", Verb.CHECK, "unique keys", "keys"),
    DISTINCT_VALUES("meshwork-values-", Verb.COUNT, "distinct values", "values");

    private final String prefix;
    private final Verb verb;
    private final String subject;
    private final String what;

    Contents(String prefix, Verb verb, String subject, String what) {
      this.prefix = prefix;
      this.verb = verb;
      this.subject = subject;
      this.what = what;
    }
  }

  /** A full block in memory. */
  private record KeptBlock(byte[] block, int length) {}

  /**
   * Creates empty partitions, whose keys are in a temporary file.
   *
   * @param maxMemory the memory in bytes, of which blocks take a quarter
   */
  KeyPartitions(Contents contents, long maxMemory) {
    this(contents, maxMemory, 0, 0);
  }

  /**
   * Creates empty partitions, whose keys stay in memory up to a limit.
   *
   * @param maxMemory the memory in bytes, of which blocks of a temporary file take a quarter
   * @param maxKept the limit in bytes
   */
  static KeyPartitions keeping(Contents contents, long maxMemory, long maxKept) {
    return new KeyPartitions(contents, maxMemory, maxKept, 0);
  }

  private KeyPartitions(Contents contents, long maxMemory, long maxKept, int level) {
    this.contents = contents;
    this.maxKept = maxKept;
    this.keeps = maxKept > 0;
    for (int part = 0; part < COUNT; part++) {
      keptBlocks.add(List.of());
    }
    this.maxMemory = maxMemory;
    this.level = level;
    long share = maxMemory / 4 / COUNT;
    this.blockBytes = (int) Math.max(LEAST_BLOCK, Math.min(LARGEST_BLOCK, share));
  }

  /** Receives the keys of one partition, in order. */
  interface Receiver {
    /** Receives the next key, which is a part of an array that is reused. */
    void take(byte[] key, int from, int length, long hash, long number);
  }

  /** Visits one partition after the other. */
  interface Visitor {
    /** Visits a partition, which can be read more than once. */
    void visit(Partition partition);
  }

  /** The keys of one partition. */
  interface Partition {
    /** Returns the size of its keys in bytes. */
    long bytes();

    /** Returns the number of its keys. */
    long records();

    void read(Receiver receiver);

    /** Returns false if the partition is the smallest possible. */
    boolean isDivisible();

    /**
     * Visits smaller partitions instead.
     *
     * @param hashes selects the keys to visit
     */
    void divide(LongPredicate hashes, Visitor visitor);
  }

  /** Adds a key, which is a part of an array. */
  void add(byte[] key, int from, int length, long hash, long number) {
    int part = partition(hash);
    int at = append(part, length, hash, number);
    System.arraycopy(key, from, blocks[part], at, length);
  }

  /** Adds a key of a batch. */
  void add(RowKeys keys, int key, long hash, long number) {
    int part = partition(hash);
    int at = append(part, keys.size(key), hash, number);
    keys.write(key, blocks[part], at);
  }

  private int partition(long hash) {
    return (int) (hash >>> (COUNT_BITS * level)) & (COUNT - 1);
  }

  /** Appends the head of a record; returns the position of its key in the block. */
  private int append(int part, int length, long hash, long number) {
    int size = HEAD_BYTES + length;
    byte[] block = blocks[part];
    if (block == null || size > block.length - used[part]) {
      block = nextBlock(part, size);
    }
    int at = used[part];
    KeyBytes.putInt(block, at, length);
    KeyBytes.putLong(block, at + HASH_AT, hash);
    KeyBytes.putLong(block, at + NUMBER_AT, number);
    used[part] = at + size;
    bytes[part] += size;
    records[part]++;
    return at + HEAD_BYTES;
  }

  /** Returns an empty block of a partition that a record fits into. */
  private byte[] nextBlock(int part, int size) {
    if (keeps) {
      long share = Math.min(LARGEST_KEPT_BLOCK, bytes[part] / 4);
      int length = (int) Math.max(Math.max(LEAST_BLOCK, share), size);
      if (kept + length <= maxKept) {
        kept += length;
        return keep(part, length);
      }
      keeps = false;
      writeAll();
    }
    byte[] block = blocks[part];
    if (block != null) {
      write(part, block, used[part]);
      used[part] = 0;
    }
    if (block == null || block.length != Math.max(blockBytes, size)) {
      block = new byte[Math.max(blockBytes, size)];
      blocks[part] = block;
    }
    return block;
  }

  private byte[] keep(int part, int length) {
    if (used[part] > 0) {
      if (keptBlocks.get(part).isEmpty()) {
        keptBlocks.set(part, new ArrayList<>());
      }
      keptBlocks.get(part).add(new KeptBlock(blocks[part], used[part]));
    }
    blocks[part] = new byte[length];
    used[part] = 0;
    return blocks[part];
  }

  /** Writes all blocks to the file, many at once. */
  private void writeAll() {
    byte[] joined = new byte[LARGEST_BLOCK];
    for (int part = 0; part < COUNT; part++) {
      int length = 0;
      for (KeptBlock full : keptBlocks.get(part)) {
        length = join(part, joined, length, full.block, full.length);
      }
      if (used[part] > 0) {
        length = join(part, joined, length, blocks[part], used[part]);
      }
      if (length > 0) {
        write(part, joined, length);
      }
      keptBlocks.set(part, List.of());
      blocks[part] = null;
      used[part] = 0;
    }
    kept = 0;
  }

  /**
   * Joins a block to others, which are written first if it does not fit; returns the joined length.
   */
  private int join(int part, byte[] joined, int length, byte[] block, int size) {
    int before = length;
    if (before > 0 && before + size > joined.length) {
      write(part, joined, before);
      before = 0;
    }
    if (size > joined.length) {
      write(part, block, size);
      return 0;
    }
    System.arraycopy(block, 0, joined, before, size);
    return before + size;
  }

  private void write(int part, byte[] block, int length) {
    try {
      FileChannel out = open();
      ByteBuffer source = ByteBuffer.wrap(block, 0, length);
      for (long at = end; source.hasRemaining(); ) {
        at += out.write(source, at);
      }
    } catch (IOException e) {
      throw cannotSpill(e);
    }
    long[] all = written[part];
    int count = writtenCount[part];
    if (all == null || count == all.length) {
      all = all == null ? new long[8] : Arrays.copyOf(all, count * 2);
      written[part] = all;
    }
    all[count] = end;
    all[count + 1] = length;
    writtenCount[part] = count + 2;
    end += length;
  }

  private FileChannel open() throws IOException {
    FileChannel opened = channel;
    if (opened == null) {
      Path folder = Path.of(System.getProperty("java.io.tmpdir", "."));
      Path created = Files.createTempFile(folder, contents.prefix, ".spill");
      file = created;
      opened = FileChannel.open(created, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel = opened;
    }
    return opened;
  }

  /** Visits all partitions that have keys. */
  void each(Visitor visitor) {
    for (int part = 0; part < COUNT; part++) {
      if (records[part] > 0) {
        visitor.visit(new StoredPartition(part));
      }
    }
  }

  /** Returns true if all keys are in memory. */
  boolean isInMemory() {
    return file == null;
  }

  /** Returns the number of keys in a partition. */
  long records(int part) {
    return records[part];
  }

  /** Reads one partition; does nothing if it is empty. */
  void read(int part, Receiver receiver) {
    byte[] block = new byte[0];
    for (int i = 0; i < writtenCount[part]; i += 2) {
      int length = (int) written[part][i + 1];
      block = length > block.length ? new byte[Math.max(length, blockBytes)] : block;
      fill(block, length, written[part][i]);
      pass(block, length, receiver);
    }
    for (KeptBlock full : keptBlocks.get(part)) {
      pass(full.block, full.length, receiver);
    }
    if (used[part] > 0) {
      pass(blocks[part], used[part], receiver);
    }
  }

  private void fill(byte[] block, int length, long from) {
    try {
      FileChannel in = open();
      ByteBuffer target = ByteBuffer.wrap(block, 0, length);
      while (target.hasRemaining()) {
        if (in.read(target, from + target.position()) < 0) {
          throw new EOFException("the temporary file is shorter than what was written to it");
        }
      }
    } catch (IOException e) {
      throw cannotSpill(e);
    }
  }

  private static void pass(byte[] block, int end, Receiver receiver) {
    for (int at = 0; at < end; ) {
      int length = KeyBytes.intAt(block, at);
      receiver.take(
          block,
          at + HEAD_BYTES,
          length,
          KeyBytes.longAt(block, at + HASH_AT),
          KeyBytes.longAt(block, at + NUMBER_AT));
      at += HEAD_BYTES + length;
    }
  }

  private final class StoredPartition implements Partition {
    private final int part;

    StoredPartition(int part) {
      this.part = part;
    }

    @Override
    public long bytes() {
      return bytes[part];
    }

    @Override
    public long records() {
      return records[part];
    }

    @Override
    public void read(Receiver receiver) {
      KeyPartitions.this.read(part, receiver);
    }

    @Override
    public boolean isDivisible() {
      return level < DEEPEST;
    }

    @Override
    public void divide(LongPredicate hashes, Visitor visitor) {
      try (KeyPartitions smaller = new KeyPartitions(contents, maxMemory, 0, level + 1)) {
        read(
            (key, from, length, hash, number) -> {
              if (hashes.test(hash)) {
                smaller.add(key, from, length, hash, number);
              }
            });
        smaller.each(visitor);
      }
    }
  }

  /** Removes all keys and deletes the file, on a best-effort basis. */
  @Override
  public void close() {
    Arrays.fill(blocks, null);
    keptBlocks.replaceAll(all -> List.of());
    Path created = file;
    if (created == null) {
      return;
    }
    file = null;
    try {
      FileChannel opened = channel;
      channel = null;
      if (opened != null) {
        opened.close();
      }
    } catch (IOException e) {
      LOG.debug("a temporary file of keys could not be closed; it is deleted nevertheless", e);
    }
    try {
      Files.deleteIfExists(created);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted; it contains keys of a publish that has ended", created);
      created.toFile().deleteOnExit();
    }
  }

  private BackendException cannotSpill(IOException cause) {
    return Failure.of(MeshAction.of(contents.verb, contents.subject))
        .because(
            "the "
                + contents.what
                + " that exceed the memory limit could not be written to the folder for temporary"
                + " files")
        .state("Nothing was published.")
        .fix("Free space there, or set java.io.tmpdir.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
