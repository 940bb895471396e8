package io.meshwork.hadoop;

import io.meshwork.error.MeshException;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.schema.IcebergSchemas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;
import org.apache.parquet.crypto.TagVerificationException;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/** The rows of one open file, one row group in memory at a time. Not thread-safe. */
final class FileRecords implements Iterator<GenericRecord>, AutoCloseable {
  private final ParquetFileReader reader;
  private final @Nullable KeyRetriever retriever;
  private final FileErrors errors;
  private final RecordAssembly assembly;
  private int group = -1;
  private long leftInGroup;

  private FileRecords(
      ParquetFileReader reader,
      FileKeys keys,
      @Nullable KeyRetriever retriever,
      FileErrors errors) {
    this.reader = reader;
    this.retriever = retriever;
    this.errors = errors;
    checkKeys(keys);
    FileMetaData footer = reader.getFileMetaData();
    ParquetFileSchema file = fileSchema(footer);
    List<ParquetFileSchema.Field> columns =
        file.columns().stream()
            .filter(column -> column.leaf() == null || !column.leaf().type().alwaysNull())
            .toList();
    Schema record =
        IcebergSchemas.toAvro(
            new org.apache.iceberg.Schema(
                columns.stream().map(ParquetFileSchema.Field::field).toList()),
            "row");
    this.assembly = new RecordAssembly(footer, columns, record);
  }

  /** Opens a file; throws what {@link HadoopParquetFile#records} declares. */
  static FileRecords open(Path path, FileKeys keys, FileErrors errors) {
    EncryptionCheck encryption = EncryptionCheck.of(path, errors);
    if (!encryption.isEncrypted() && !keys.isEmpty()) {
      throw errors.unreadable(
          "it is not encrypted, although keys are set for it",
          "Check where the file is from. To read it as it is, set no keys.",
          null);
    }
    if (encryption.underFooterKey() != null && keys.footer() == null && keys.byMetadata() == null) {
      throw errors.missingKey(encryption.underFooterKey(), null);
    }
    KeyRetriever retriever = KeyRetriever.of(keys, errors);
    ParquetReadOptions.Builder options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .usePageChecksumVerification(true)
            .withUseHadoopVectoredIo(false);
    if (keys.hasKeys()) {
      options.withDecryption(KeyRetriever.properties(keys, retriever));
    }
    ParquetFileReader reader = null;
    try {
      reader = ParquetFileReader.open(new LocalInputFile(path), options.build());
      return new FileRecords(reader, keys, retriever, errors);
    } catch (IOException | RuntimeException | LinkageError e) {
      close(reader);
      throw error(e, "the footer", retriever, errors);
    }
  }

  private static ParquetFileSchema fileSchema(FileMetaData footer) {
    FileMetaData schema =
        new FileMetaData(footer.getSchema(), Map.of(), String.valueOf(footer.getCreatedBy()));
    return ParquetFileSchema.of(
        new ParquetMetadataConverter()
            .toParquetMetadata(1, new ParquetMetadata(schema, List.of()))
            .getSchema());
  }

  /** Throws if the key of a column is missing or wrong: its metadata is encrypted with it. */
  private void checkKeys(FileKeys keys) {
    for (BlockMetaData block : reader.getRowGroups()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        try {
          chunk.getCodec();
        } catch (RuntimeException e) {
          String column = chunk.getPath().toDotString();
          boolean hasKey = retriever != null || keys.columns().containsKey(column);
          throw !hasKey
                  && e instanceof ParquetCryptoRuntimeException
                  && !(e instanceof TagVerificationException)
              ? errors.missingKey("column " + column, e)
              : error(e, "column " + column, retriever, errors);
        }
      }
    }
  }

  /** Throws if a column has a codec whose class is not on the class path. */
  void checkCodecs() {
    for (BlockMetaData block : reader.getRowGroups()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        CodecCheck.check(chunk.getCodec(), chunk.getPath().toDotString(), errors);
      }
    }
  }

  /** Returns the columns. */
  Schema schema() {
    return assembly.schema();
  }

  @Override
  public boolean hasNext() {
    try {
      while (leftInGroup == 0) {
        if (group + 1 >= reader.getRowGroups().size()) {
          return false;
        }
        group++;
        openGroup();
      }
      return true;
    } catch (IOException | RuntimeException | LinkageError e) {
      throw error(e, "row group " + group, retriever, errors);
    }
  }

  private void openGroup() throws IOException {
    leftInGroup = reader.getRowGroups().get(group).getRowCount();
    if (leftInGroup == 0) {
      reader.skipNextRowGroup();
      return;
    }
    PageReadStore pages = reader.readNextRowGroup();
    assembly.open(pages);
  }

  @Override
  public GenericRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      leftInGroup--;
      return assembly.next();
    } catch (RuntimeException | LinkageError e) {
      throw error(e, "row group " + group, retriever, errors);
    }
  }

  /** Closes the file. Idempotent. */
  @Override
  public void close() {
    close(reader);
  }

  private static void close(@Nullable ParquetFileReader reader) {
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (IOException e) {
      // The file was only read, so nothing is lost.
    }
  }

  private static MeshException error(
      Throwable thrown, String part, @Nullable KeyRetriever retriever, FileErrors errors) {
    MeshException failed = retriever == null ? null : retriever.failure();
    return failed == null ? errors.of(thrown, part) : failed;
  }
}
