package io.meshwork.hadoop;

import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that is read through parquet-hadoop, because mesh-core's {@code files(..)} rejects
 * it: a file with Parquet's modular encryption. Files without encryption are read, too.
 *
 * <p>Name the keys, then publish the records:
 *
 * <pre>{@code
 * try (Stream<GenericRecord> rows = HadoopParquetFile.at(path).footerKey(key).records()) {
 *   client.publish("commerce/sales").records(rows).commit();
 * }
 * }</pre>
 *
 * <p>The file is in the default file system. Hadoop's {@code hadoop-client-api} and {@code
 * hadoop-client-runtime} must be on the class path. Keys are copied, and appear in no message.
 * Immutable: each method returns a new object.
 */
public final class HadoopParquetFile {
  private final Path path;
  private final FileKeys keys;

  private HadoopParquetFile(Path path, FileKeys keys) {
    this.path = path;
    this.keys = keys;
  }

  /**
   * Returns a file without keys. Nothing is read yet.
   *
   * @param path a file; not null
   * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT if null
   */
  public static HadoopParquetFile at(Path path) {
    if ((Object) path == null) {
      throw FileErrors.of("a file").argument("the path is null", "Pass the path of a file.");
    }
    return new HadoopParquetFile(path, FileKeys.NONE);
  }

  /**
   * Sets the key of the footer, and of the columns without a key of their own.
   *
   * @param key 16, 24, or 32 bytes
   * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT for another length
   */
  public HadoopParquetFile footerKey(byte[] key) {
    return with(keys.footerKey(checked("the footer key", key)));
  }

  /**
   * Sets the key of a column that is not encrypted with the footer's.
   *
   * @param column its dotted path in the file, such as {@code address.zip} or {@code
   *     lines.list.element}
   * @param key 16, 24, or 32 bytes
   * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT for a blank column, or a key
   *     of another length
   */
  public HadoopParquetFile columnKey(String column, byte[] key) {
    if ((Object) column == null || column.isBlank()) {
      throw errors().argument("the name of a column is blank", "Pass its path in the file.");
    }
    return with(keys.columnKey(column, checked("the key of column " + column, key)));
  }

  /**
   * Sets a function that returns a key by the key metadata that the writer stored in the file, such
   * as the ID of a key. It is called for keys that are not set otherwise, on the thread that reads.
   *
   * @param keys returns 16, 24, or 32 bytes; null if the key is unknown. An exception ends the read
   *     with CALLER_CODE_FAILED
   */
  public HadoopParquetFile keys(Function<byte[], byte @Nullable []> keys) {
    if ((Object) keys == null) {
      throw errors().argument("the function of keys is null", "Pass a function.");
    }
    return with(this.keys.function(keys));
  }

  /**
   * Sets the prefix of the additional authenticated data (AAD) that the file was encrypted with, by
   * which a reader recognizes that files were exchanged. Required if the file does not contain its
   * prefix; otherwise it is compared.
   *
   * @param prefix at least one byte
   * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT if it is empty
   */
  public HadoopParquetFile authenticatedPrefix(byte[] prefix) {
    if ((Object) prefix == null || prefix.length == 0) {
      throw errors().argument("the prefix is empty", "Pass the prefix of the writer, or none.");
    }
    return with(keys.prefix(prefix.clone()));
  }

  /**
   * Returns the columns as an Avro schema, for {@code Contract.of(Schema)}: the same as in a
   * contract that {@code Contract.fromParquet} creates from a file without encryption.
   *
   * @throws io.meshwork.error.InvalidRequestException as {@link #records}, except for codecs
   * @throws io.meshwork.error.ContractViolationException as {@link #records}
   */
  public Schema schema() {
    try (FileRecords records = open()) {
      return records.schema();
    }
  }

  /**
   * Opens the file, checks it, and returns its rows in their order. One row group is in memory at a
   * time. Close the stream, or pass it to a publish, which closes it; it can be read once, by one
   * thread. Each call opens the file again.
   *
   * <p>A value that its column cannot hold, such as a timestamp finer than microseconds, is
   * reported by the publish, as one of a file that it reads itself.
   *
   * <p>These exceptions are thrown here, or while rows are read:
   *
   * @throws io.meshwork.error.InvalidRequestException SOURCE_UNREADABLE if the file does not exist,
   *     if a key is missing or does not fit, if the file was changed after it was encrypted, if
   *     there are keys for a file without encryption, or if Hadoop is not on the class path;
   *     SCHEMA_UNSUPPORTED if a contract cannot have its columns
   * @throws io.meshwork.error.ContractViolationException FILE_MALFORMED if the file is not Parquet,
   *     is damaged, or has a codec whose library is not on the class path
   * @throws io.meshwork.error.BackendException CALLER_CODE_FAILED if the function of keys fails
   */
  public Stream<GenericRecord> records() {
    FileRecords records = open();
    try {
      records.checkCodecs();
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(
                  records, Spliterator.ORDERED | Spliterator.NONNULL),
              false)
          .onClose(records::close);
    } catch (RuntimeException e) {
      records.close();
      throw e;
    }
  }

  /** Returns the name of the file, without keys. */
  @Override
  public String toString() {
    return "HadoopParquetFile of " + name();
  }

  private FileRecords open() {
    FileErrors errors = errors();
    try {
      return FileRecords.open(path, keys, errors);
    } catch (LinkageError e) {
      throw errors.withoutHadoop(e);
    }
  }

  private HadoopParquetFile with(FileKeys changed) {
    return new HadoopParquetFile(path, changed);
  }

  private byte[] checked(String which, byte[] key) {
    if ((Object) key == null || !FileKeys.hasLength(key)) {
      throw errors()
          .argument(
              which + " has " + ((Object) key == null ? 0 : key.length) + " bytes",
              "Pass a key of 16, 24, or 32 bytes.");
    }
    return key.clone();
  }

  private FileErrors errors() {
    return FileErrors.of("file " + name());
  }

  private String name() {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }
}
