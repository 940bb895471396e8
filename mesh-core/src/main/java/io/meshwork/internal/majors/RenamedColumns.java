package io.meshwork.internal.majors;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog.RecordedContract;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The names in one version of a product of columns that its other versions name otherwise. A column
 * that continues another one has its field ID. Immutable.
 */
public final class RenamedColumns {
  private final Optional<Schema> now;
  private final List<Schema> others;

  private RenamedColumns(Optional<Schema> now, List<Schema> others) {
    this.now = now;
    this.others = others;
  }

  /**
   * Reads all contracts of the product that the caller sees: only after a failure.
   *
   * @param version the version in which columns are looked for
   */
  public static RenamedColumns of(
      ClientSession session, ProductName product, ContractVersion version) {
    List<RecordedContract> nearest = new ArrayList<>(session.catalog().contracts(product));
    Collections.reverse(nearest);
    nearest.sort(Comparator.comparing(contract -> contract.version().compareTo(version) > 0));
    return new RenamedColumns(
        nearest.stream()
            .filter(each -> each.version().equals(version))
            .findFirst()
            .map(RecordedContract::schemaWithIds),
        nearest.stream()
            .filter(each -> !each.version().equals(version))
            .map(RecordedContract::schemaWithIds)
            .toList());
  }

  /**
   * Reads the names in the current contract of a major version.
   *
   * @throws io.meshwork.error.NotFoundException if the caller sees no such version
   */
  public static RenamedColumns in(
      ClientSession session, ProductName product, int major, MeshAction action) {
    return of(
        session,
        product,
        session.catalog().requireFor(Use.DESCRIBE, product, major, action).version());
  }

  /**
   * Returns the path in this version of the column that another version has under a path: the
   * newest one before it, or else a later one that the caller sees. Empty if there is none.
   */
  public Optional<String> of(String path) {
    return now.flatMap(
        table ->
            others.stream().flatMap(earlier -> between(earlier, path, table).stream()).findFirst());
  }

  /**
   * Parses a filter for all columns of a major version.
   *
   * @param contract the contract's Avro record, for the symbols of enums; null if they are not
   *     checked
   * @throws InvalidRequestException if it is not valid; with the new name of a column, if it has
   *     the old one
   */
  public static RowPredicate parse(
      ClientSession session,
      ProductName product,
      int major,
      GivenFilter filter,
      Schema columns,
      org.apache.avro.@Nullable Schema contract,
      MeshAction action) {
    try {
      return RowPredicate.parse(filter, columns, contract, action);
    } catch (InvalidRequestException invalid) {
      throw session.catalog().contracts(product).stream()
          .map(RecordedContract::version)
          .filter(version -> version.major() == major)
          .max(Comparator.naturalOrder())
          .map(version -> of(session, product, version))
          .map(names -> names.explained(invalid, filter, columns, action))
          .orElse(invalid);
    }
  }

  /**
   * Returns the exception of a filter that is not valid, with the new name of a column if the
   * filter has the old one.
   *
   * @param columns the columns that the filter may use
   */
  public InvalidRequestException explained(
      InvalidRequestException invalid, GivenFilter filter, Schema columns, MeshAction action) {
    Optional<Finding> unknown =
        invalid.findings().stream()
            .filter(finding -> finding.code() == FindingCode.UNKNOWN_COLUMN)
            .findFirst();
    if (unknown.isEmpty()) {
      return invalid;
    }
    Set<String> names = new LinkedHashSet<>(List.of(unknown.get().where()));
    if (!filter.list()) {
      // A name in double quotes may be a value, so that a finding does not have it.
      RowPredicate.names(filter.text()).ifPresent(names::addAll);
    }
    for (String name : names) {
      Optional<String> newName =
          columns.findField(name) == null
              ? of(name).filter(path -> columns.findField(path) != null)
              : Optional.empty();
      if (newName.isPresent()) {
        return Failure.of(action)
            .because("the filter names an unknown column: " + described(name, newName))
            .state("Nothing was read or changed.")
            .fix("Use the new name in the filter.")
            .findings(List.of(renamed(name, newName.get())))
            .cause(invalid)
            .invalidRequest(ErrorCode.FILTER_INVALID);
      }
    }
    return invalid;
  }

  public static Finding renamed(String old, String name) {
    return Finding.error(
        FindingCode.UNKNOWN_COLUMN,
        old,
        "Its name is '" + name + "' in this version.",
        "Use this name, or read the major version that has the old one.");
  }

  /** Returns the path in one table of the column that another has under another path. */
  public static Optional<String> between(Schema other, String path, Schema now) {
    return FieldPaths.continued(other, path, now).filter(Predicate.not(path::equals));
  }

  /**
   * Returns true if a path names different columns in two versions, because a column was renamed to
   * it or from it.
   */
  public static boolean isAnother(String path, Schema one, Schema other) {
    return between(one, path, other).isPresent() || between(other, path, one).isPresent();
  }

  /** Returns a column in quotes, and its new name: {@code 'email' (now 'mail')}. */
  public static String described(String path, Optional<String> now) {
    return "'" + path + "'" + hint(now);
  }

  /** Returns a column in quotes, and the name that it has in this version. */
  public String described(String path) {
    return described(path, of(path));
  }

  /** Returns the name that a column has in this version, to follow the old one; or nothing. */
  public String hint(String path) {
    return hint(of(path));
  }

  private static String hint(Optional<String> now) {
    return now.map(name -> " (now '" + name + "')").orElse("");
  }
}
