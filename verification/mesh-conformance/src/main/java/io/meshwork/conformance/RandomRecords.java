package io.meshwork.conformance;

import io.meshwork.internal.conformance.fixture.RandomRows;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Random schemas and rows from a seed: records, arrays, and maps of any depth, nulls and empty
 * values at each level, and extreme values. The same seed gives the same schemas and rows; print it
 * in the message of a failing test. Not thread-safe.
 */
public final class RandomRecords {
  private final RandomRows random;

  /** Creates a generator of schemas that every table format supports, without nanoseconds. */
  public RandomRecords(long seed) {
    this.random = new RandomRows(seed);
  }

  /**
   * Returns a record schema with one to four columns.
   *
   * @param depth the maximum nesting depth of the columns; 1 for simple types only
   */
  public Schema schema(int depth) {
    return random.schema(depth);
  }

  /**
   * Returns rows as maps with the values that a read as maps returns, so that published and read
   * rows can be compared.
   */
  public List<Map<String, Object>> rows(Schema schema, int count) {
    return random.rows(schema, count);
  }
}
