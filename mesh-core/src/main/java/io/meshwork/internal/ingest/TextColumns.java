package io.meshwork.internal.ingest;

import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;

/**
 * The text columns of records: dictionary-encoded from the start, and as long as their rows have
 * few different strings, which are then encoded, evaluated, and looked up once instead of in each
 * row.
 */
final class TextColumns {
  /** A dictionary is retained if it has at most one entry for this many rows. */
  private static final int ROWS_PER_ENTRY = 4;

  private TextColumns() {}

  /** Creates an empty batch whose top-level text columns have dictionaries. */
  static VectorBatch emptyBatch(Schema schema) {
    List<Vector> vectors = new ArrayList<>();
    schema
        .columns()
        .forEach(
            column ->
                vectors.add(
                    column.type().typeId() == Type.TypeID.STRING
                        ? new DictionaryVector.Texts()
                        : VectorBatch.emptyVector(column.type())));
    return new VectorBatch(schema, vectors);
  }

  /**
   * Returns the batch for its rows and for the following ones: without the dictionaries that have
   * too many entries, or the same batch.
   *
   * @param rows number of rows so far, in this batch and before
   */
  static VectorBatch settled(VectorBatch batch, long rows) {
    List<Vector> vectors = new ArrayList<>(batch.vectors());
    vectors.replaceAll(vector -> pays(vector, rows) ? vector : vector.flat());
    return vectors.equals(batch.vectors()) ? batch : new VectorBatch(batch.schema(), vectors);
  }

  private static boolean pays(Vector vector, long rows) {
    if (!(vector instanceof DictionaryVector.Texts texts)) {
      return true;
    }
    int entries = texts.entries().size();
    // The index of a null is 0, so a dictionary without entries has no meaning.
    return entries > 0
        && entries <= DictionaryVector.Texts.MAX_RECOGNIZED
        && entries <= rows / ROWS_PER_ENTRY;
  }
}
