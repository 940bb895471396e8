package io.meshwork.internal.requests;

import io.meshwork.contract.Contract;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.product.Classification;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * What a request means by a contract. Immutable.
 *
 * @param columns the columns that would be granted, of those that are there
 * @param concerned these and the columns that the condition on rows asks: who reads by it learns of
 *     them too
 * @param risk the highest classification of what it concerns; that of the product if that is
 *     nothing
 * @param risky the columns that carry it
 */
public record RequestedData(
    List<String> columns, List<String> concerned, Classification risk, List<String> risky) {
  /** Copies the lists. */
  public RequestedData {
    columns = List.copyOf(columns);
    concerned = List.copyOf(concerned);
    risky = List.copyOf(risky);
  }

  /**
   * By a contract; a condition that does not fit it any more cannot be granted and asks nothing.
   */
  public static RequestedData of(RequestEntry request, Contract contract) {
    List<String> all = contract.schema().getFields().stream().map(Schema.Field::name).toList();
    List<String> columns =
        request.columns().isEmpty()
            ? all
            : all.stream().filter(request.columns()::contains).toList();
    Set<String> both = new LinkedHashSet<>(columns);
    request.rows().ifPresent(filter -> both.addAll(filterColumns(filter, contract)));
    List<String> concerned = all.stream().filter(both::contains).toList();
    Classification risk =
        concerned.stream()
            .map(contract::classificationOf)
            .max(Comparator.naturalOrder())
            .orElse(contract.classification());
    return new RequestedData(
        columns,
        concerned,
        risk,
        concerned.stream().filter(each -> contract.classificationOf(each) == risk).toList());
  }

  /** The top-level columns of a filter. */
  private static List<String> filterColumns(String filter, Contract contract) {
    org.apache.iceberg.Schema schema = IcebergSchemas.fromAvro(contract.schema());
    return RowPredicate.fault(filter, schema).isPresent()
        ? List.of()
        : RowPredicate.parse(filter, schema).columns().stream()
            .map(name -> name.split("\\.", 2)[0])
            .toList();
  }
}
