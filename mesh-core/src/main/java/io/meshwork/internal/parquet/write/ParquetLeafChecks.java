package io.meshwork.internal.parquet.write;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Rejects values of a leaf that the file cannot represent: nulls in required fields, wrong lengths,
 * too many digits.
 */
final class ParquetLeafChecks {
  private final ParquetLeaf leaf;

  /** The vectors from the column down to the leaf. */
  private final List<Vector> vectors = new ArrayList<>();

  private ParquetLeafChecks(ParquetLeaf leaf, Vector column) {
    this.leaf = leaf;
    Vector vector = column;
    vectors.add(vector);
    for (ParquetGroupStep step : leaf.groups()) {
      vector = step.below(vector);
      vectors.add(vector);
    }
  }

  /** Checks the leaf and all enclosing vectors of a batch's column. */
  static void check(ParquetLeaf leaf, Vector column) {
    ParquetLeafChecks checks = new ParquetLeafChecks(leaf, column);
    for (int level = 0; level < checks.vectors.size(); level++) {
      checks.checkNulls(level);
    }
    checks.checkValues();
  }

  private void checkNulls(int level) {
    List<ParquetGroupStep> groups = leaf.groups();
    boolean group = level < groups.size();
    if (group ? groups.get(level).optional() : leaf.field().isOptional()) {
      return;
    }
    RowMask nulls = vectors.get(level).nulls();
    if (nulls == null) {
      return;
    }
    // A null struct has a null in each field, required ones too.
    RowMask nullParents = level == 0 || groups.get(level - 1).repeats() ? null : nullsAt(level - 1);
    int index = nulls.next(0);
    while (index >= 0 && nullParents != null && nullParents.get(index)) {
      index = nulls.next(index + 1);
    }
    if (index >= 0) {
      String problem =
          level == 0
              ? "is null, but the column is required (" + vectors.get(0).nullCount() + " such rows)"
              : "is null, but it is required";
      throw violation(level, index, group ? groups.get(level).name() : leaf.name(), problem);
    }
  }

  private @Nullable RowMask nullsAt(int level) {
    return vectors.get(level).nulls();
  }

  private void checkValues() {
    int level = leaf.groups().size();
    Vector vector = vectors.get(level);
    Vector values = vector instanceof DictionaryVector encoded ? encoded.dictionary() : vector;
    if (leaf.width() > 0) {
      int expected = leaf.drop() > 0 ? BytesVector.DECIMAL_BYTES : leaf.width();
      BytesVector bytes = (BytesVector) values;
      for (int row = 0; row < bytes.size(); row++) {
        if (bytes.length(row) != expected && !bytes.isNull(row)) {
          String problem =
              "has " + bytes.length(row) + " bytes, but the fixed length is " + expected;
          throw violation(level, firstUse(vector, row), leaf.name(), problem);
        }
      }
    }
    if (leaf.field().type() instanceof Types.DecimalType decimal) {
      int row =
          values instanceof LongVector longs
              ? DecimalLimitEncoding.firstBeyond(longs, decimal.precision())
              : DecimalLimitEncoding.firstBeyond((BytesVector) values, decimal.precision());
      if (row >= 0) {
        String problem = "has more than " + decimal.precision() + " digits";
        throw violation(level, firstUse(vector, row), leaf.name(), problem);
      }
    }
  }

  /**
   * Returns the first row that uses an entry of its dictionary, or the entry itself if none does.
   */
  private static int firstUse(Vector vector, int entry) {
    if (vector instanceof DictionaryVector encoded) {
      for (int row = 0; row < encoded.size(); row++) {
        if (!encoded.isNull(row) && encoded.index(row) == entry) {
          return row;
        }
      }
      return 0;
    }
    return entry;
  }

  private ContractViolationException violation(int level, int index, String path, String problem) {
    int row = index;
    for (int groupLevel = level - 1; groupLevel >= 0; groupLevel--) {
      row = leaf.groups().get(groupLevel).owner(vectors.get(groupLevel), row);
    }
    return Failure.of(MeshAction.of(Verb.WRITE, "a batch to a Parquet file"))
        .because(
            "column "
                + path
                + (level == leaf.groups().size() ? " of type " + leaf.field().type() : "")
                + ": "
                + (level == 0 ? "the value" : "a value")
                + " at row "
                + row
                + " of the batch "
                + problem)
        .state("No row of the batch was written.")
        .fix("Correct the value or the contract.")
        .contractViolation(ErrorCode.CONTRACT_VIOLATED);
  }
}
