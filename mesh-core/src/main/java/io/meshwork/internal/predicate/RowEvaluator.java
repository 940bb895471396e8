package io.meshwork.internal.predicate;

import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Constant;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Not;
import io.meshwork.internal.predicate.FilterNode.NullTest;
import io.meshwork.internal.predicate.FilterNode.Or;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a filter on batches, column by column. Negations are pushed down to the leaves, which
 * mark the rows that are true, or false, but never unknown ones: so one row mask per node
 * represents SQL's three-valued logic. Immutable and thread-safe.
 */
final class RowEvaluator {
  private final FilterNode root;
  private final Map<Leaf, ValuePredicate> tests = new IdentityHashMap<>();

  RowEvaluator(FilterNode root) {
    this.root = root;
    prepare(root);
  }

  private void prepare(FilterNode node) {
    if (node instanceof And and) {
      and.parts().forEach(this::prepare);
    } else if (node instanceof Or or) {
      or.parts().forEach(this::prepare);
    } else if (node instanceof Not not) {
      prepare(not.part());
    } else if (node instanceof Leaf leaf
        && !(leaf instanceof NullTest)
        && leaf.column().type().typeId() != Type.TypeID.UNKNOWN) {
      tests.computeIfAbsent(leaf, ValuePredicates::of);
    }
  }

  RowMask matches(VectorBatch batch) {
    return rows(root, false, batch);
  }

  /**
   * Returns the rows for which the node is true; with {@code opposite}, the rows for which it is
   * false.
   */
  private RowMask rows(FilterNode node, boolean opposite, VectorBatch batch) {
    if (node instanceof Not not) {
      return rows(not.part(), !opposite, batch);
    } else if (node instanceof And and) {
      return joined(and.parts(), !opposite, opposite, batch);
    } else if (node instanceof Or or) {
      return joined(or.parts(), opposite, opposite, batch);
    } else if (node instanceof Constant constant) {
      RowMask all = new RowMask(batch.rows());
      if (constant.value() != opposite) {
        all.flip(batch.rows());
      }
      return all;
    }
    return leafRows((Leaf) node, opposite, batch);
  }

  private RowMask joined(
      List<FilterNode> parts, boolean inAll, boolean opposite, VectorBatch batch) {
    RowMask result = rows(parts.get(0), opposite, batch);
    for (FilterNode part : parts.subList(1, parts.size())) {
      if (inAll) {
        if (result.isEmpty()) {
          return result;
        }
        result.and(rows(part, opposite, batch));
      } else {
        result.or(rows(part, opposite, batch));
      }
    }
    return result;
  }

  private RowMask leafRows(Leaf leaf, boolean opposite, VectorBatch batch) {
    int rows = batch.rows();
    RowMask result = new RowMask(rows);
    if (leaf.column().type().typeId() == Type.TypeID.UNKNOWN) {
      if (leaf instanceof NullTest && !opposite) {
        result.flip(rows);
      }
      return result;
    }
    Vector values = vector(leaf.column(), batch);
    RowMask nulls = values.nulls();
    ValuePredicate test = tests.get(leaf);
    if (test == null) {
      if (nulls != null) {
        result.or(nulls);
      }
      if (opposite) {
        result.flip(rows);
      }
      return result;
    }
    mark(test, values, rows, result);
    if (opposite != ValuePredicates.isInverse(leaf)) {
      result.flip(rows);
    }
    if (nulls != null) {
      result.andNot(nulls);
    }
    return result;
  }

  private static void mark(ValuePredicate test, Vector values, int rows, RowMask result) {
    if (!(values instanceof DictionaryVector encoded)) {
      test.mark(values, rows, result);
      return;
    }
    int entries = encoded.dictionary().size();
    if (entries == 0) {
      return;
    }
    // A dictionary covers a whole row group. If it has many more entries than the batch has rows,
    // testing every entry would cost more than testing the rows.
    if (entries > 4L * rows) {
      test.mark(encoded.flat(), rows, result);
      return;
    }
    RowMask passing = new RowMask(entries);
    test.mark(encoded.dictionary(), entries, passing);
    int[] rowIndices = encoded.indices();
    for (int row = 0; row < rows; row++) {
      if (passing.get(rowIndices[row])) {
        result.set(row);
      }
    }
  }

  /**
   * Returns the values of a column, found by field ID, within structs too. The fields of a null
   * struct are null, so the leaf vector alone tells which rows are null.
   */
  private static Vector vector(FilterColumn column, VectorBatch batch) {
    Vector vector = find(column, batch.schema().columns(), batch.vectors());
    if (vector == null) {
      throw new IllegalArgumentException("the batch lacks column " + column.name());
    }
    return vector;
  }

  private static @Nullable Vector find(
      FilterColumn column, List<Types.NestedField> fields, List<Vector> vectors) {
    for (int i = 0; i < fields.size(); i++) {
      Types.NestedField field = fields.get(i);
      if (field.fieldId() == column.fieldId()) {
        if (!field.type().equals(column.type())) {
          throw new IllegalArgumentException(
              "column "
                  + column.name()
                  + " is "
                  + field.type()
                  + " in the batch and "
                  + column.type()
                  + " in the filter");
        }
        return vectors.get(i);
      }
      if (vectors.get(i) instanceof StructVector structs) {
        Vector within = find(column, field.type().asStructType().fields(), structs.children());
        if (within != null) {
          return within;
        }
      }
    }
    return null;
  }
}
