package io.meshwork.hadoop;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a user knows of the encryption of a file. Immutable; the arrays are never changed.
 *
 * @param footer the key of the footer; null if none is set
 * @param columns the keys of columns by their dotted paths
 * @param byMetadata returns a key by its metadata; null if none is set
 * @param prefix the prefix of the additional authenticated data; null if none is set
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FileKeys(
    byte @Nullable [] footer,
    Map<String, byte[]> columns,
    @Nullable Function<byte[], byte @Nullable []> byMetadata,
    byte @Nullable [] prefix) {
  static final FileKeys NONE = new FileKeys(null, Map.of(), null, null);

  /** Returns true if a key of AES has this length. */
  static boolean hasLength(byte[] key) {
    return key.length == 16 || key.length == 24 || key.length == 32;
  }

  FileKeys footerKey(byte[] key) {
    return new FileKeys(key, columns, byMetadata, prefix);
  }

  FileKeys columnKey(String column, byte[] key) {
    Map<String, byte[]> all = new HashMap<>(columns);
    all.put(column, key);
    return new FileKeys(footer, Map.copyOf(all), byMetadata, prefix);
  }

  FileKeys function(Function<byte[], byte @Nullable []> keys) {
    return new FileKeys(footer, columns, keys, prefix);
  }

  FileKeys prefix(byte[] bytes) {
    return new FileKeys(footer, columns, byMetadata, bytes);
  }

  /** Returns true if nothing is set. */
  boolean isEmpty() {
    return footer == null && columns.isEmpty() && byMetadata == null && prefix == null;
  }

  /** Returns true if there is a key or a function of keys. */
  boolean hasKeys() {
    return footer != null || !columns.isEmpty() || byMetadata != null;
  }
}
