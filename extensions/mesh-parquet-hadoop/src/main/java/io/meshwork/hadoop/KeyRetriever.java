package io.meshwork.hadoop;

import io.meshwork.error.MeshException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.parquet.crypto.ColumnDecryptionProperties;
import org.apache.parquet.crypto.DecryptionKeyRetriever;
import org.apache.parquet.crypto.FileDecryptionProperties;
import org.apache.parquet.crypto.KeyAccessDeniedException;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.jspecify.annotations.Nullable;

/**
 * Calls the user's function of keys. parquet-hadoop hides columns whose key is denied, so a failure
 * of the function is stored for the exception that follows.
 */
final class KeyRetriever implements DecryptionKeyRetriever {
  private final Function<byte[], byte @Nullable []> keys;
  private final FileErrors errors;
  private @Nullable MeshException failure;

  private KeyRetriever(Function<byte[], byte @Nullable []> keys, FileErrors errors) {
    this.keys = keys;
    this.errors = errors;
  }

  /** Returns the retriever of keys; null if they have no function. */
  static @Nullable KeyRetriever of(FileKeys keys, FileErrors errors) {
    return keys.byMetadata() == null ? null : new KeyRetriever(keys.byMetadata(), errors);
  }

  /** Returns the properties that parquet-hadoop takes; new ones for each read. */
  static FileDecryptionProperties properties(FileKeys keys, @Nullable KeyRetriever retriever) {
    FileDecryptionProperties.Builder properties = FileDecryptionProperties.builder();
    byte[] footer = keys.footer();
    if (footer != null) {
      properties.withFooterKey(footer.clone());
    } else if (retriever == null) {
      // Keys of columns alone cannot verify the signature of a footer that is not encrypted.
      properties.withoutFooterSignatureVerification();
    }
    if (!keys.columns().isEmpty()) {
      Map<ColumnPath, ColumnDecryptionProperties> columns = new HashMap<>();
      keys.columns()
          .forEach(
              (name, key) -> {
                ColumnPath path = ColumnPath.fromDotString(name);
                columns.put(
                    path, ColumnDecryptionProperties.builder(path).withKey(key.clone()).build());
              });
      properties.withColumnKeys(columns);
    }
    if (retriever != null) {
      properties.withKeyRetriever(retriever);
    }
    byte[] prefix = keys.prefix();
    if (prefix != null) {
      properties.withAADPrefix(prefix.clone());
    }
    return properties.build();
  }

  @Override
  public byte[] getKey(byte[] metadata) {
    byte[] key;
    try {
      key = keys.apply(metadata == null ? new byte[0] : metadata.clone());
    } catch (RuntimeException e) {
      failure = errors.functionFailed(e);
      throw failure;
    }
    if (key == null) {
      throw new KeyAccessDeniedException("the function of keys returned null");
    }
    if (!FileKeys.hasLength(key)) {
      failure =
          errors.argument(
              "the function of keys(..) returned a key of " + key.length + " bytes",
              "Return 16, 24, or 32 bytes, or null.");
      throw failure;
    }
    return key.clone();
  }

  /** Returns the first failure of the function; null if there was none. */
  @Nullable MeshException failure() {
    return failure;
  }
}
