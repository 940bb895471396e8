package io.meshwork.internal.parquet.read;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes files with any Parquet schema, beyond what Avro can represent. */
public final class GroupFile {
  private GroupFile() {}

  /** Fills one row. */
  public interface Row extends Consumer<Group> {}

  public static void write(Path file, String schema, Row... rows) {
    write(file, schema, new ArrayList<>(Arrays.asList(rows)));
  }

  static void write(Path file, String schema, List<Consumer<Group>> rows) {
    write(file, MessageTypeParser.parseMessageType(schema), rows);
  }

  static void write(Path file, MessageType schema, List<Consumer<Group>> rows) {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (Consumer<Group> row : rows) {
        Group group = new SimpleGroup(schema);
        row.accept(group);
        writer.write(group);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
