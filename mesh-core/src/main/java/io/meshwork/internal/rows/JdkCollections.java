package io.meshwork.internal.rows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * Collections whose iterators only return what is stored: the JDK's, and Avro's arrays. Any other
 * may return one object again and again with other values, so that each has to be read before the
 * next is requested. Stateless.
 */
public final class JdkCollections {
  private static final Set<Class<?>> COLLECTIONS =
      Set.copyOf(
          List.of(
              ArrayList.class,
              LinkedList.class,
              ArrayDeque.class,
              HashSet.class,
              LinkedHashSet.class,
              TreeSet.class,
              GenericData.Array.class,
              Arrays.asList(1).getClass(),
              List.of().getClass(),
              List.of(1).getClass(),
              Set.of().getClass(),
              Set.of(1).getClass(),
              Collections.emptyList().getClass(),
              Collections.singletonList(1).getClass()));

  private static final Set<Class<?>> MAPS =
      Set.copyOf(
          List.of(
              HashMap.class,
              LinkedHashMap.class,
              TreeMap.class,
              Map.of().getClass(),
              Map.of(1, 1).getClass(),
              Collections.emptyMap().getClass(),
              Collections.singletonMap(1, 1).getClass()));

  private JdkCollections() {}

  /** Returns true if all elements of a source may be requested before the first is read. */
  public static boolean areStored(@Nullable Object source) {
    return source instanceof Collection && COLLECTIONS.contains(source.getClass());
  }

  /** Returns true if all entries of a map may be requested before the first is read. */
  static boolean areStored(Map<?, ?> map) {
    return MAPS.contains(map.getClass());
  }
}
