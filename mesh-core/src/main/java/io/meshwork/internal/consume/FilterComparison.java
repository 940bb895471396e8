package io.meshwork.internal.consume;

import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;

/**
 * Compares filters on one major version with the same text on another.
 *
 * @param columns the columns of the table of the first
 */
record FilterComparison(Schema columns) {
  static FilterComparison of(ClientSession session, ProductName product, int major) {
    return new FilterComparison(
        ReaderTables.of(session, product.domain()).load(TableName.of(product, major)).schema());
  }

  /** Returns true if the filter names the same columns, of the same types, in both. */
  boolean selectsSameRows(String filter, Schema others) {
    if (RowPredicate.fault(filter, columns).isPresent()
        || RowPredicate.fault(filter, others).isPresent()) {
      return false;
    }
    Set<Integer> ids = RowPredicate.parse(filter, columns).fieldIds();
    return ids.equals(RowPredicate.parse(filter, others).fieldIds())
        && ids.stream().allMatch(id -> type(columns, id).equals(type(others, id)));
  }

  private static Type type(Schema schema, int id) {
    return schema.findType(id);
  }
}
