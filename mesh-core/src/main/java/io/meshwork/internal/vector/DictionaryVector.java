package io.meshwork.internal.vector;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Vector} whose values are indices into a dictionary that many rows share. Rules may
 * evaluate each entry once instead of each row.
 */
public sealed class DictionaryVector extends Vector permits DictionaryVector.Texts {
  private final Vector dictionary;
  private int[] indices = new int[1024];

  /**
   * Creates an empty vector over a dictionary without nulls. Entries may be added to it, but none
   * may change, because readers of rows retain the strings that they created from them.
   */
  public DictionaryVector(Vector dictionary) {
    this.dictionary = dictionary;
  }

  /** Appends the dictionary entry with this index. */
  public void append(int index) {
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, size * 2);
    }
    indices[size++] = index;
  }

  /** Returns the dictionary index of a row; 0 if it is null. */
  public int index(int row) {
    return indices[row];
  }

  /**
   * Returns the backing array of indices; its first {@link #size()} are valid. Must not be retained
   * or modified.
   */
  public int[] indices() {
    return indices;
  }

  /**
   * Returns the indices with capacity for this many more rows. The caller writes them from {@link
   * #size()} on and then calls {@link #extended}; unwritten slots contain stale indices.
   */
  public int[] ensureCapacity(int rows) {
    if (indices.length - size < rows) {
      indices = Arrays.copyOf(indices, Math.max(size + rows, indices.length * 2));
    }
    return indices;
  }

  public Vector dictionary() {
    return dictionary;
  }

  @Override
  public Vector flat() {
    Vector result = dictionary.newEmpty();
    for (int row = 0; row < size; row++) {
      if (isNull(row)) {
        result.appendNull();
      } else {
        result.appendFrom(dictionary, indices[row]);
      }
    }
    return result;
  }

  @Override
  public DictionaryVector newEmpty() {
    return new DictionaryVector(dictionary);
  }

  @Override
  protected void appendZero() {
    append(0);
  }

  @Override
  protected void fillZeros(int rows) {
    Arrays.fill(ensureCapacity(rows), size, size + rows, 0);
  }

  @Override
  void spreadValues(NullGaps gaps) {
    gaps.spread(ensureCapacity(gaps.count()));
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    DictionaryVector encoded = (DictionaryVector) other;
    if (encoded.dictionary != dictionary) {
      throw new IllegalArgumentException("the vectors have different dictionaries");
    }
    append(encoded.indices[row]);
  }

  /**
   * A vector of strings that recognizes strings that it has seen, without their bytes. Once it has
   * seen many different ones, each further one is a new entry, so that entries may be equal.
   */
  public static final class Texts extends DictionaryVector implements Vector.OfTexts {
    /** The maximum number of strings that are recognized. */
    public static final int MAX_RECOGNIZED = 4_096;

    /** Longer strings are not recognized, because they rarely repeat and take time to hash. */
    private static final int MAX_LENGTH = 64;

    /** Few collisions, because the CPU cannot predict which strings have one. */
    private static final int SLOTS_PER_TEXT = 4;

    private final BytesVector entries;
    private @Nullable Object[] recognized = new @Nullable Object[64];
    private int[] numbers = new int[64];

    /** Creates an empty vector with an empty dictionary. */
    public Texts() {
      this(new BytesVector());
    }

    private Texts(BytesVector entries) {
      super(entries);
      this.entries = entries;
    }

    /**
     * Returns an empty vector that recognizes the same strings, for the rows of the next batch.
     * This one can be read by another thread meanwhile, and must not grow from then on.
     */
    Texts successor() {
      Texts next = new Texts(entries.successor());
      next.recognized = recognized;
      next.numbers = numbers;
      return next;
    }

    @Override
    public boolean recognizes(int length) {
      return length <= MAX_LENGTH;
    }

    @Override
    public BytesVector entries() {
      return entries;
    }

    @Override
    public boolean appendRecognized(Object text) {
      int slot = slot(text);
      if (recognized[slot] == null) {
        return false;
      }
      append(numbers[slot]);
      return true;
    }

    /** Appends strings up to the first one that is not recognized; returns how many. */
    public int appendRecognized(Object[] texts, int from, int to) {
      int[] indices = ensureCapacity(to - from);
      @Nullable Object[] cached = recognized;
      int end = size;
      for (int i = from; i < to; i++) {
        Object text = texts[i];
        int slot = firstSlot(text);
        if (cached[slot] != text) {
          slot = slot(text);
          if (cached[slot] == null) {
            break;
          }
        }
        indices[end++] = numbers[slot];
      }
      int appended = end - size;
      size = end;
      return appended;
    }

    @Override
    public void appendEntry(@Nullable Object text) {
      int entry = entries.size() - 1;
      if (text != null && entry < MAX_RECOGNIZED) {
        if (SLOTS_PER_TEXT * entry >= recognized.length) {
          grow();
        }
        int slot = slot(text);
        recognized[slot] = text;
        numbers[slot] = entry;
      }
      append(entry);
    }

    /** Returns the slot of an equal text, or the free slot for it. */
    private int slot(Object text) {
      int mask = recognized.length - 1;
      int slot = firstSlot(text);
      for (Object entry = recognized[slot];
          entry != null && entry != text && !entry.equals(text);
          entry = recognized[slot]) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    private int firstSlot(Object text) {
      int hash = text.hashCode() * 0x9E3779B9;
      return (hash ^ hash >>> 16) & (recognized.length - 1);
    }

    private void grow() {
      @Nullable Object[] before = recognized;
      int[] entriesBefore = numbers;
      recognized = new @Nullable Object[2 * before.length];
      numbers = new int[recognized.length];
      for (int i = 0; i < before.length; i++) {
        Object text = before[i];
        if (text != null) {
          int slot = slot(text);
          recognized[slot] = text;
          numbers[slot] = entriesBefore[i];
        }
      }
    }
  }
}
