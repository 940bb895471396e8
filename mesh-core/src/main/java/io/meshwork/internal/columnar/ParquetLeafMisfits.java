package io.meshwork.internal.columnar;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Refuses what a file could only hold wrong in one leaf: nulls, lengths, digits. */
final class ParquetLeafMisfits {
  private final ParquetLeafEncoding leaf;

  /** The vectors from the column down to the leaf. */
  private final List<Vector> vectors = new ArrayList<>();

  private ParquetLeafMisfits(ParquetLeafEncoding leaf, Vector column) {
    this.leaf = leaf;
    Vector vector = column;
    vectors.add(vector);
    for (ParquetGroupStep step : leaf.groups()) {
      vector = step.below(vector);
      vectors.add(vector);
    }
  }

  /** Looks at the leaf and at all that lies above it in a column of a batch. */
  static void refuse(ParquetLeafEncoding leaf, Vector column) {
    ParquetLeafMisfits misfits = new ParquetLeafMisfits(leaf, column);
    for (int level = 0; level < misfits.vectors.size(); level++) {
      misfits.refuseNulls(level);
    }
    misfits.refuseValues();
  }

  private void refuseNulls(int level) {
    List<ParquetGroupStep> groups = leaf.groups();
    boolean group = level < groups.size();
    if (group ? groups.get(level).optional() : leaf.field().isOptional()) {
      return;
    }
    RowMask nulls = vectors.get(level).nulls();
    if (nulls == null) {
      return;
    }
    // A null struct has a null in each field, which nobody asked for.
    RowMask excused = level == 0 || groups.get(level - 1).repeats() ? null : excuses(level - 1);
    int index = nulls.next(0);
    while (index >= 0 && excused != null && excused.get(index)) {
      index = nulls.next(index + 1);
    }
    if (index >= 0) {
      String what =
          level == 0
              ? "is null, but the column is required (" + vectors.get(0).nullCount() + " such rows)"
              : "is null, but it is required";
      throw misfit(level, index, group ? groups.get(level).name() : leaf.name(), what);
    }
  }

  private @Nullable RowMask excuses(int level) {
    return vectors.get(level).nulls();
  }

  private void refuseValues() {
    int level = leaf.groups().size();
    Vector vector = vectors.get(level);
    Vector values = vector instanceof DictionaryVector coded ? coded.dictionary() : vector;
    if (leaf.width() > 0) {
      int expected = leaf.drop() > 0 ? ParquetLeafEncoding.DECIMAL_BYTES : leaf.width();
      BytesVector bytes = (BytesVector) values;
      for (int row = 0; row < bytes.size(); row++) {
        if (bytes.length(row) != expected && !bytes.isNull(row)) {
          String what = "has " + bytes.length(row) + " bytes, but all must have " + expected;
          throw misfit(level, firstUse(vector, row), leaf.name(), what);
        }
      }
    }
    if (leaf.field().type() instanceof Types.DecimalType decimal) {
      int row =
          values instanceof LongVector longs
              ? DecimalLimitEncoding.firstBeyond(longs, decimal.precision())
              : DecimalLimitEncoding.firstBeyond((BytesVector) values, decimal.precision());
      if (row >= 0) {
        String what = "has more than " + decimal.precision() + " digits";
        throw misfit(level, firstUse(vector, row), leaf.name(), what);
      }
    }
  }

  /** The first row with an entry of its dictionary, or the entry where no row has it. */
  private static int firstUse(Vector vector, int entry) {
    if (vector instanceof DictionaryVector coded) {
      for (int row = 0; row < coded.size(); row++) {
        if (!coded.isNull(row) && coded.code(row) == entry) {
          return row;
        }
      }
      return 0;
    }
    return entry;
  }

  private ContractViolationException misfit(int level, int index, String place, String what) {
    int row = index;
    for (int above = level - 1; above >= 0; above--) {
      row = leaf.groups().get(above).owner(vectors.get(above), row);
    }
    return new ContractViolationException(
        ErrorCode.CONTRACT_VIOLATED,
        "Writing a batch to a Parquet file failed: column "
            + place
            + (level == leaf.groups().size() ? " of type " + leaf.field().type() : "")
            + ": "
            + (level == 0 ? "the value" : "a value")
            + " at row "
            + row
            + " of the batch "
            + what
            + ". No row of the batch was written; mend the value or the contract.");
  }
}
