package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.HybridCalendar;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Converts dates and instants of a file whose calendar is another one. In a file that remains
 * unchanged, rejects them, because other readers take them for other days.
 */
final class CalendarConversionDecoder extends ConversionDecoder {
  private final ConversionDecoder values;
  private final HybridCalendar calendar;
  private final boolean copied;

  private CalendarConversionDecoder(
      ConversionDecoder values, HybridCalendar calendar, boolean copied) {
    this.values = values;
    this.calendar = calendar;
    this.copied = copied;
  }

  /**
   * Returns the conversion of a column in a calendar.
   *
   * @param copied false if the file remains unchanged
   */
  static ConversionDecoder of(
      ConversionDecoder values,
      HybridCalendar calendar,
      ValueType fileType,
      Type wanted,
      boolean copied) {
    boolean applies =
        calendar.appliesTo(fileType)
            && (wanted.typeId() == Type.TypeID.DATE
                || (wanted instanceof Types.TimestampType time && time.shouldAdjustToUTC()));
    return applies ? new CalendarConversionDecoder(values, calendar, copied) : values;
  }

  @Override
  void append(ValueDecoder from, Vector to, int count) {
    int first = to.size();
    values.append(from, to, count);
    if (to instanceof IntVector days) {
      int[] all = days.ensureCapacity(0);
      for (int i = first; i < first + count; i++) {
        all[i] = (int) checked(all[i], calendar.day(all[i]));
      }
    } else {
      long[] all = ((LongVector) to).ensureCapacity(0);
      for (int i = first; i < first + count; i++) {
        all[i] = checked(all[i], calendar.micros(all[i]));
      }
    }
  }

  private long checked(long stored, long converted) {
    if (stored != converted && !copied) {
      throw UnreadableFileException.unsupported(
          "a date or time is in the calendar of Spark 2, which only Spark reads; publish the file"
              + " with files(..), which converts it");
    }
    return converted;
  }
}
