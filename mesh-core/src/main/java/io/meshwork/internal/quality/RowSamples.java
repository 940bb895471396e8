package io.meshwork.internal.quality;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.text.FloatingText;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.Classification;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Formats rows as JSON for the producer; masks columns classified above INTERNAL. */
final class RowSamples {
  /** The maximum number of samples per rule. */
  static final int MAX_SAMPLES = 20;

  private static final int MAX_TEXT = 200;
  private static final String MASK = "***";

  private final List<Types.NestedField> columns;
  private final boolean[] masked;
  private IntFunction<String> places = row -> "";
  private @Nullable Set<String> shown;

  RowSamples(Contract contract, List<Types.NestedField> columns) {
    this.columns = columns;
    masked = new boolean[columns.size()];
    for (int i = 0; i < masked.length; i++) {
      masked[i] =
          contract.classificationOf(columns.get(i).name()).compareTo(Classification.INTERNAL) > 0;
    }
  }

  /**
   * Sets where the rows of the next batches are in their files; empty for rows that are not of a
   * file with lines.
   */
  void placedBy(IntFunction<String> names) {
    places = names;
  }

  /** Sets the columns of the next batches, which are the columns to show. */
  void show(Set<String> names) {
    shown = names;
  }

  /** Where a row of the last batch is in its file, after a comma; empty if it is in none. */
  String place(int row) {
    String place = places.apply(row);
    return place.isEmpty() ? "" : ", in " + place;
  }

  /** Formats a row; {@code row} is its number in the input, from 1. */
  String json(VectorBatch batch, int row, long rowNumber) {
    ObjectNode json = RowNumber.json(rowNumber);
    ObjectNode values = json.putObject("values");
    for (int i = 0; i < masked.length; i++) {
      Types.NestedField column = columns.get(i);
      if (shown != null && !shown.contains(column.name())) {
        continue;
      }
      if (masked[i]) {
        values.put(column.name(), MASK);
      } else {
        put(values, column.name(), value(batch, i, row));
      }
    }
    return json.toString();
  }

  /** Formats a row whose values are no longer available. */
  static String json(long rowNumber) {
    return RowNumber.json(rowNumber).toString();
  }

  /**
   * Returns a value, or a note if its Java class does not support it, such as a time past midnight.
   */
  private @Nullable Object value(VectorBatch batch, int column, int row) {
    try {
      return VectorBatch.value(columns.get(column).type(), batch.vector(column), row);
    } catch (DateTimeException e) {
      return "out of range";
    }
  }

  private static void put(ObjectNode values, String name, @Nullable Object value) {
    if (value == null) {
      values.putNull(name);
    } else if (value instanceof Boolean flag) {
      values.put(name, flag);
    } else if (value instanceof Integer || value instanceof Long) {
      values.put(name, ((Number) value).longValue());
    } else if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      if (Double.isFinite(number)) {
        values.put(name, new BigDecimal(FloatingText.of((Number) value)));
      } else {
        values.put(name, value.toString());
      }
    } else if (value instanceof BigDecimal decimal) {
      values.put(name, decimal);
    } else if (value instanceof ByteBuffer bytes) {
      values.put(name, bytes.remaining() + " bytes");
    } else {
      String text = value.toString();
      values.put(name, text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...");
    }
  }
}
