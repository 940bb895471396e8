package io.meshwork.spark;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The names of the columns of rows, whose maps share them: a map is an array of values. Values are
 * read column by column, so that a name is mostly the one that was asked for last. Not thread-safe.
 */
final class SparkColumns {
  private final String[] names;
  private final Map<String, Integer> positions = new HashMap<>();
  private @Nullable Object last;
  private @Nullable Integer lastPosition;

  /** Creates them, of different names. */
  SparkColumns(String[] names) {
    this.names = names;
    for (int i = 0; i < names.length; i++) {
      positions.put(names[i], i);
    }
  }

  /** Returns an unmodifiable map of values, which the caller does not change afterwards. */
  Map<String, @Nullable Object> map(@Nullable Object[] values) {
    return new Values(values);
  }

  @SuppressWarnings("ReferenceEquality") // only to be faster
  private @Nullable Integer position(@Nullable Object name) {
    if (name != last) {
      last = name;
      lastPosition = positions.get(name);
    }
    return lastPosition;
  }

  private final class Values extends AbstractMap<String, @Nullable Object> {
    private final @Nullable Object[] values;

    Values(@Nullable Object[] values) {
      this.values = values;
    }

    @Override
    public int size() {
      return positions.size();
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
      return positions.containsKey(name);
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
      Integer position = position(name);
      return position == null ? null : values[position];
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public int size() {
          return positions.size();
        }

        @Override
        public Iterator<Entry<String, @Nullable Object>> iterator() {
          return IntStream.range(0, names.length)
              .<Entry<String, @Nullable Object>>mapToObj(
                  i -> new SimpleImmutableEntry<>(names[i], values[i]))
              .iterator();
        }
      };
    }
  }
}
