package io.meshwork.internal.uniqueness;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.uniqueness.KeyBatch.EncodedHash;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys with a number each, partitioned by hash: equal keys are in the same partition, in insertion
 * order. Keys are only appended. They may be held in memory up to a limit, as {@link NumberedKeys};
 * beyond it, each partition fills a block, which is then written to one temporary file. Not
 * thread-safe.
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

  private static final int HASH_AT = Integer.BYTES;
  private static final int NUMBER_AT = HASH_AT + Long.BYTES;
  private static final int HEAD_BYTES = NUMBER_AT + Long.BYTES;

  private final Contents contents;
  private final long maxMemory;
  private final int level;
  private final int blockBytes;
  private @Nullable NumberedKeys first;
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

  /**
   * Creates empty partitions, whose keys are in a temporary file.
   *
   * @param maxMemory the memory in bytes, of which blocks take a quarter
   */
  KeyPartitions(Contents contents, long maxMemory) {
    this(contents, maxMemory, null, 0);
  }

  /**
   * Creates empty partitions, whose keys stay in memory up to a limit.
   *
   * @param maxMemory the memory in bytes, of which blocks of a temporary file take a quarter
   * @param maxKept the limit in bytes
   */
  static KeyPartitions keeping(Contents contents, long maxMemory, long maxKept) {
    return new KeyPartitions(contents, maxMemory, new NumberedKeys(maxKept), 0);
  }

  private KeyPartitions(
      Contents contents, long maxMemory, @Nullable NumberedKeys first, int level) {
    this.contents = contents;
    this.first = first;
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
    void visit(KeyPartition partition);
  }

  /** The keys of one partition. */
  interface KeyPartition {
    /** Returns the size of its keys in bytes. */
    long bytes();

    /** Returns the number of its keys. */
    long records();

    /**
     * Returns the hashes that several keys have; null if they exceed the memory.
     *
     * @param memory in bytes
     */
    @Nullable LongHashSet repeatedHashes(long memory);

    /**
     * Passes keys, in order.
     *
     * @param hashes selects the keys
     */
    void read(LongPredicate hashes, Receiver receiver);

    /** Passes all keys, in order. */
    default void read(Receiver receiver) {
      read(all -> true, receiver);
    }

    /** Returns false if the partition is the smallest possible. */
    boolean isDivisible();

    /**
     * Visits smaller partitions instead.
     *
     * @param hashes selects the keys to visit
     */
    void divide(LongPredicate hashes, Visitor visitor);
  }

  /**
   * Adds keys of a batch.
   *
   * @param from the first key to add
   * @param hashes the hash of each key of the batch
   * @param numbers the number of each row of the batch; not descending
   */
  void add(RowKeys keys, int from, long[] hashes, IntToLongFunction numbers) {
    int next = first == null ? from : first.add(keys, from, hashes, numbers);
    if (first != null && next < keys.count()) {
      writeKept(first);
    }
    for (int key = next; key < keys.count(); key++) {
      int part = partition(hashes[key]);
      long number = numbers.applyAsLong(keys.row(key));
      int at = append(part, keys.size(key), hashes[key], number);
      keys.write(key, blocks[part], at);
    }
  }

  void add(KeySet keys, EncodedHash hash) {
    if (first != null && first.add(keys, hash)) {
      return;
    } else if (first != null) {
      writeKept(first);
    }
    keys.each((key, from, length, number) -> add(key, from, length, hash.of(key, from), number));
  }

  /** Adds a key, which is a part of an array, to the file. */
  void add(byte[] key, int from, int length, long hash, long number) {
    if (first != null) {
      writeKept(first);
    }
    int part = partition(hash);
    int at = append(part, length, hash, number);
    System.arraycopy(key, from, blocks[part], at, length);
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

  /** Moves all keys from memory to the file. */
  private void writeKept(NumberedKeys all) {
    first = null;
    all.read(hash -> true, this::add);
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

  /** Visits all partitions that have keys; keys held in memory are one partition. */
  void each(Visitor visitor) {
    if (first != null) {
      if (first.count() > 0) {
        visitor.visit(InMemoryPartition.of(first));
      }
      return;
    }
    for (int part = 0; part < COUNT; part++) {
      if (records[part] > 0) {
        visitor.visit(new StoredPartition(part));
      }
    }
  }

  /** Returns true if no file was written. */
  boolean isInMemory() {
    return file == null;
  }

  /** Returns true if all keys are in the memory that is not for blocks of the file. */
  boolean isKept() {
    return first != null;
  }

  /** Returns the number of keys. */
  long records() {
    return first == null ? Arrays.stream(records).sum() : first.count();
  }

  /** Returns the size of all keys in bytes. */
  long bytes() {
    return first == null ? Arrays.stream(bytes).sum() : first.memory();
  }

  /** Adds the hashes of all keys to a set, as long as it is not full. */
  void addHashes(LongHashSet target) {
    if (first != null) {
      first.addHashes(target);
      return;
    }
    for (int part = 0; part < COUNT && !target.isFull(); part++) {
      read(part, all -> true, (key, from, length, hash, number) -> target.add(hash));
    }
  }

  /**
   * Reads keys; keys with the same hash in the order in which they were added.
   *
   * @param slice a union of partitions
   * @param hashes selects keys of the slice
   */
  void read(HashSlice slice, LongPredicate hashes, Receiver receiver) {
    if (first != null) {
      first.read(hash -> slice.has(hash) && hashes.test(hash), receiver);
      return;
    }
    for (int part = 0; part < COUNT; part++) {
      if (slice.has(part)) {
        read(part, hashes, receiver);
      }
    }
  }

  private void read(int part, LongPredicate hashes, Receiver receiver) {
    byte[] block = new byte[0];
    for (int i = 0; i < writtenCount[part]; i += 2) {
      int length = (int) written[part][i + 1];
      block = length > block.length ? new byte[Math.max(length, blockBytes)] : block;
      fill(block, length, written[part][i]);
      pass(block, length, hashes, receiver);
    }
    if (used[part] > 0) {
      pass(blocks[part], used[part], hashes, receiver);
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

  private static void pass(byte[] block, int end, LongPredicate hashes, Receiver receiver) {
    for (int at = 0; at < end; ) {
      int length = KeyBytes.intAt(block, at);
      long hash = KeyBytes.longAt(block, at + HASH_AT);
      if (hashes.test(hash)) {
        receiver.take(block, at + HEAD_BYTES, length, hash, KeyBytes.longAt(block, at + NUMBER_AT));
      }
      at += HEAD_BYTES + length;
    }
  }

  private final class StoredPartition implements KeyPartition {
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
    public @Nullable LongHashSet repeatedHashes(long memory) {
      LongHashSet seen = new LongHashSet(records(), memory);
      LongHashSet repeated = new LongHashSet(0, memory);
      read(
          (key, from, length, hash, number) -> {
            if (!seen.add(hash) && !seen.isFull()) {
              repeated.add(hash);
            }
          });
      return seen.isFull() || repeated.isFull() ? null : repeated;
    }

    @Override
    public void read(LongPredicate hashes, Receiver receiver) {
      KeyPartitions.this.read(part, hashes, receiver);
    }

    @Override
    public boolean isDivisible() {
      return level < DEEPEST;
    }

    @Override
    public void divide(LongPredicate hashes, Visitor visitor) {
      try (KeyPartitions smaller = new KeyPartitions(contents, maxMemory, null, level + 1)) {
        read(hashes, smaller::add);
        smaller.each(visitor);
      }
    }
  }

  /** Removes all keys and deletes the file, on a best-effort basis. */
  @Override
  public void close() {
    Arrays.fill(blocks, null);
    first = null;
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
