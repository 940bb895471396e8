package io.meshwork.cli.internal.file;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.contract.Contract;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * How rows become rows of another major version, as an option says: {@code N:COLUMN=OTHER,…}.
 *
 * @param major the other major version
 * @param sources the column of the offered rows, or a string in single quotes, for each column of
 *     the other version that does not have its own name there; empty for null
 */
public record MajorColumns(int major, Map<String, String> sources) {
  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(?::(.+))?");

  /** A column with its source; a string ends at a quote before a comma, or at the end. */
  private static final Pattern PAIR =
      Pattern.compile("([^=,]+)=('.*?'(?=,|\\z)|[^,]*)(?:,(?!\\z)|\\z)");

  /**
   * Parses the value of an option.
   *
   * @throws UsageException if it has another form
   */
  public static MajorColumns parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw wrong(text);
    }
    Map<String, String> sources = new LinkedHashMap<>();
    String pairs = Optional.ofNullable(parts.group(2)).orElse("");
    Matcher pair = PAIR.matcher(pairs);
    for (int from = 0; from < pairs.length(); from = pair.end()) {
      pair.region(from, pairs.length());
      if (!pair.lookingAt() || sources.putIfAbsent(pair.group(1), pair.group(2)) != null) {
        throw wrong(text);
      }
    }
    return new MajorColumns(Integer.parseInt(parts.group(1)), sources);
  }

  private static UsageException wrong(String text) {
    return new UsageException(
        "Another major version is N, or N:COLUMN=OTHER,… with each COLUMN once, not " + text + ".");
  }

  /**
   * Returns the mapping of the rows of a product.
   *
   * @param offered the major version whose contract the rows have; null for the current one
   * @throws UsageException if a version lacks a column, or a column has no source
   */
  public Function<GenericRecord, GenericRecord> ofRecords(
      MeshClient client, String product, @Nullable Integer offered) {
    return mapping(client, product, offered)::of;
  }

  /** Returns the mapping of rows that are maps, such as quarantined ones, as above. */
  public Function<Map<String, Object>, Map<String, Object>> ofMaps(
      MeshClient client, String product, @Nullable Integer offered) {
    return mapping(client, product, offered)::ofMap;
  }

  private RowMapping mapping(MeshClient client, String product, @Nullable Integer offered) {
    ProductCard card = client.describe(product);
    List<String> columns = columns(card, major);
    Map<String, String> renamed = renamed(client, product);
    requireSources(columns, columns(card, offered), renamed);
    Contract contract = ColumnOptions.contract(card, major);
    Map<String, String> named = new LinkedHashMap<>();
    Map<String, RowMapping.Constant> constants = new LinkedHashMap<>();
    sources.forEach(
        (column, source) -> {
          if (!isText(source)) {
            named.put(column, source);
            return;
          }
          named.put(column, "");
          constant(contract, product, column, source.substring(1, source.length() - 1))
              .ifPresent(constant -> constants.put(column, constant));
        });
    return new RowMapping(columns, named, renamed, constants);
  }

  /** A text as it is for a column of texts, and otherwise as in a CSV file. */
  private static Optional<RowMapping.Constant> constant(
      Contract contract, String product, String column, String text) {
    Schema type = contract.schema().getField(column).schema();
    return ColumnText.isString(type)
        ? Optional.of(RowMapping.Constant.text(text))
        : ColumnText.parse(contract, product, column, text)
            .map(value -> new RowMapping.Constant(type, value));
  }

  private static List<String> columns(ProductCard card, @Nullable Integer major) {
    return ColumnOptions.contract(card, major).schema().getFields().stream()
        .map(Schema.Field::name)
        .toList();
  }

  private static boolean isText(String source) {
    return source.length() > 1 && source.startsWith("'") && source.endsWith("'");
  }

  private Map<String, String> renamed(MeshClient client, String product) {
    Map<String, String> renamed = new LinkedHashMap<>();
    for (Rollout<?> each : client.rollouts(product)) {
      if (each instanceof MajorRollout rollout && !rollout.state().isEnded()) {
        rollout
            .renamedColumns()
            .forEach(
                (old, now) -> {
                  if (rollout.to() == major) {
                    renamed.put(now, old);
                  } else if (rollout.from() == major) {
                    renamed.put(old, now);
                  }
                });
      }
    }
    return renamed;
  }

  private void requireSources(
      List<String> columns, List<String> offered, Map<String, String> renamed) {
    sources.forEach(
        (column, source) -> {
          if (!columns.contains(column)) {
            throw new UsageException(
                "Major version " + major + " has no column '" + column + "', but " + columns + ".");
          }
          if (!source.isEmpty() && !isText(source) && !offered.contains(source)) {
            throw new UsageException(
                "The rows for column '"
                    + column
                    + "' have no column '"
                    + source
                    + "', but "
                    + offered
                    + ". A text is in single quotes.");
          }
        });
    List<String> missing =
        columns.stream()
            .filter(column -> !sources.containsKey(column) && !offered.contains(column))
            .filter(column -> !offered.contains(renamed.getOrDefault(column, column)))
            .toList();
    if (!missing.isEmpty()) {
      Stream<String> assignments = sources.entrySet().stream().map(Object::toString);
      Stream<String> open = missing.stream().map(column -> column + "=OTHER");
      throw new UsageException(
          "Columns of major version "
              + major
              + " have no source in these rows: "
              + missing
              + ". Name one for each: --also-to "
              + major
              + ":"
              + Stream.concat(assignments, open).collect(Collectors.joining(","))
              + ". OTHER is one of "
              + offered
              + ", a 'text', or nothing, which leaves the column null or at its default.");
    }
  }
}
