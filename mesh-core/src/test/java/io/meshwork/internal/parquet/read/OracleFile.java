package io.meshwork.internal.parquet.read;

import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;

/** Writes and reads files with parquet-avro, the reference implementation. */
public final class OracleFile {
  private OracleFile() {}

  /** Returns the data model that matches {@link VectorBatch#value}. */
  public static GenericData model() {
    GenericData model = new GenericData();
    model.addLogicalTypeConversion(new Conversions.DecimalConversion());
    model.addLogicalTypeConversion(new Conversions.UUIDConversion());
    model.addLogicalTypeConversion(new TimeConversions.DateConversion());
    model.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
    model.addLogicalTypeConversion(new TimeConversions.TimeMicrosConversion());
    model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    model.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    model.addLogicalTypeConversion(new TimeConversions.TimestampNanosConversion());
    model.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
    model.addLogicalTypeConversion(new TimeConversions.LocalTimestampMicrosConversion());
    model.addLogicalTypeConversion(new TimeConversions.LocalTimestampNanosConversion());
    return model;
  }

  /** A change of parquet-avro's defaults. */
  public interface Setting {
    AvroParquetWriter.Builder<GenericRecord> apply(AvroParquetWriter.Builder<GenericRecord> to);
  }

  public static void write(Path file, Schema schema, List<GenericRecord> rows, Setting setting) {
    AvroParquetWriter.Builder<GenericRecord> builder =
        AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
            .withSchema(schema)
            .withDataModel(model());
    try (ParquetWriter<GenericRecord> writer = setting.apply(builder).build()) {
      for (GenericRecord row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<GenericRecord> read(Path file) {
    List<GenericRecord> rows = new ArrayList<>();
    PlainParquetConfiguration configuration = new PlainParquetConfiguration();
    // Without an Avro schema in the footer, it reads three-level lists as two-level ones.
    configuration.setBoolean("parquet.avro.add-list-element-records", false);
    try (org.apache.parquet.hadoop.ParquetReader<GenericRecord> reader =
        AvroParquetReader.<GenericRecord>builder(new LocalInputFile(file), configuration)
            .withDataModel(model())
            .build()) {
      for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** Converts a reference value to the class that {@link VectorBatch#value} uses. */
  public static Object plain(Object value) {
    if (value instanceof CharSequence || value instanceof GenericData.EnumSymbol) {
      return value.toString();
    } else if (value instanceof GenericFixed fixed) {
      return ByteBuffer.wrap(fixed.bytes());
    }
    return value;
  }
}
