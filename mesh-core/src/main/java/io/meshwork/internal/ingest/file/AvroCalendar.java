package io.meshwork.internal.ingest.file;

import io.meshwork.internal.parquet.schema.HybridCalendar;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Conversion;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;

/** Converts the dates and instants of Avro files of Spark 2, whose calendar is another one. */
final class AvroCalendar {
  private AvroCalendar() {}

  /**
   * Adds the conversions that the file needs.
   *
   * @param values creates the values of the file; none was read yet
   */
  static void addTo(GenericData values, DataFileReader<?> file) {
    Map<String, String> properties = new HashMap<>();
    file.getMetaKeys().forEach(key -> properties.put(key, file.getMetaString(key)));
    HybridCalendar calendar = HybridCalendar.of(properties);
    if (calendar == null || !calendar.hasDates()) {
      return;
    }
    values.addLogicalTypeConversion(new Days(calendar));
    values.addLogicalTypeConversion(new Instants(calendar, "timestamp-micros", 1));
    values.addLogicalTypeConversion(new Instants(calendar, "timestamp-millis", 1_000));
  }

  private static final class Days extends Conversion<Integer> {
    private final HybridCalendar calendar;

    Days(HybridCalendar calendar) {
      this.calendar = calendar;
    }

    @Override
    public Class<Integer> getConvertedType() {
      return Integer.class;
    }

    @Override
    public String getLogicalTypeName() {
      return "date";
    }

    @Override
    public Integer fromInt(Integer value, Schema schema, LogicalType type) {
      return (int) calendar.day(value);
    }
  }

  private static final class Instants extends Conversion<Long> {
    private final HybridCalendar calendar;
    private final String type;
    private final long micros;

    Instants(HybridCalendar calendar, String type, long micros) {
      this.calendar = calendar;
      this.type = type;
      this.micros = micros;
    }

    @Override
    public Class<Long> getConvertedType() {
      return Long.class;
    }

    @Override
    public String getLogicalTypeName() {
      return type;
    }

    @Override
    public Long fromLong(Long value, Schema schema, LogicalType ignored) {
      boolean fits = value >= Long.MIN_VALUE / micros && value <= Long.MAX_VALUE / micros;
      // The check of the column reports a value that is out of range.
      return fits ? Math.floorDiv(calendar.micros(value * micros), micros) : value;
    }
  }
}
