package io.meshwork.cli.internal.file;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.contract.Contract;
import io.meshwork.publish.Publish;
import io.meshwork.rollout.MajorRollout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How rows that have other columns become rows of a contract. */
public final class ColumnOptions {
  @Option(
      names = "--rename",
      paramLabel = "OLD=NEW",
      description = "Column NEW has the values of column OLD of these rows; repeatable")
  private @Nullable List<String> renamed;

  @Option(
      names = "--set",
      paramLabel = "COLUMN=VALUE",
      description = "A column that these rows lack has this value, as in a CSV file; repeatable")
  private @Nullable List<String> set;

  /** True if an option is given. */
  public boolean isUsed() {
    return renamed != null || set != null;
  }

  /**
   * Maps the columns of files that are published.
   *
   * @param major the major version of the contract; null for the current one
   * @throws UsageException if an option has another form, or a value does not fit its column
   */
  public void addTo(
      Publish.Files<?> publish, MeshClient client, String product, @Nullable Integer major) {
    pairs("--rename", renamed).forEach((old, column) -> publish.renameColumn(old, column));
    if (set != null) {
      values(product, contract(client.describe(product), major)).forEach(publish::setColumn);
    }
  }

  /**
   * Returns the mapping of rows of one major version of a rollout to the other, with the columns
   * that the rollout renamed.
   *
   * @param back true for rows of the new version
   * @throws UsageException as above, or if a version lacks a column
   */
  public Function<GenericRecord, GenericRecord> between(
      MeshClient client, MajorRollout rollout, boolean back) {
    String product = rollout.product().toString();
    ProductCard card = client.describe(product);
    Contract target = contract(card, back ? rollout.from() : rollout.to());
    Schema contract = target.schema();
    Schema before = contract(card, back ? rollout.to() : rollout.from()).schema();
    Map<String, RowMapping.Constant> constants = new LinkedHashMap<>();
    values(product, target)
        .forEach(
            (column, value) ->
                constants.put(
                    column, new RowMapping.Constant(contract.getField(column).schema(), value)));
    Map<String, String> sources = new LinkedHashMap<>();
    pairs("--rename", renamed)
        .forEach(
            (old, column) -> {
              requireColumn(product, before, old);
              requireColumn(product, contract, column);
              if (sources.putIfAbsent(column, old) != null || constants.containsKey(column)) {
                throw new UsageException(
                    "Column " + column + " has two sources. Rename or set each column once.");
              }
            });
    Map<String, String> continued = new LinkedHashMap<>();
    rollout
        .renamedColumns()
        .forEach((old, column) -> continued.put(back ? old : column, back ? column : old));
    List<String> columns = contract.getFields().stream().map(Schema.Field::name).toList();
    return new RowMapping(columns, sources, continued, constants)::of;
  }

  private static void requireColumn(String product, Schema contract, String column) {
    if (contract.getField(column) == null) {
      throw ColumnText.noColumn(product, column, contract);
    }
  }

  private Map<String, Object> values(String product, Contract contract) {
    Map<String, Object> values = new LinkedHashMap<>();
    pairs("--set", set)
        .forEach(
            (column, text) ->
                values.put(
                    column,
                    ColumnText.parse(contract, product, column, text)
                        .orElseThrow(
                            () ->
                                new UsageException(
                                    "Option --set has no value of column "
                                        + column
                                        + ". A nullable column that these rows lack is null"
                                        + " without it."))));
    return values;
  }

  /** Returns the contract of a major version; null for the current one. */
  public static Contract contract(ProductCard card, @Nullable Integer major) {
    if (major == null) {
      return card.contract();
    }
    return card.versions().stream()
        .filter(each -> each.version().major() == major)
        .findFirst()
        .orElseThrow(() -> new UsageException(card.name() + " has no major version " + major + "."))
        .contract();
  }

  /**
   * Returns the parts of each value of an option, before and after the first {@code =}.
   *
   * @throws UsageException if one has another form, or a name comes twice
   */
  public static Map<String, String> pairs(String option, @Nullable List<String> texts) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String text : texts == null ? List.<String>of() : texts) {
      int end = text.indexOf('=');
      if (end < 1 || pairs.putIfAbsent(text.substring(0, end), text.substring(end + 1)) != null) {
        throw new UsageException(
            "Option "
                + option
                + " has a name, '=', and more, and each name once, not "
                + text
                + ".");
      }
    }
    return pairs;
  }
}
