package io.meshwork.internal.rollout;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog.RecordedContract;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.Schema;

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
    nearest.sort(Comparator.comparing(other -> other.version().compareTo(version) > 0));
    return new RenamedColumns(
        nearest.stream()
            .filter(each -> each.version().equals(version))
            .findFirst()
            .flatMap(RecordedContract::schemaWithIds),
        nearest.stream()
            .filter(each -> !each.version().equals(version))
            .flatMap(each -> each.schemaWithIds().stream())
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
            others.stream().flatMap(other -> between(other, path, table).stream()).findFirst());
  }

  /** Returns the path in one table of the column that another has under another path. */
  public static Optional<String> between(Schema other, String path, Schema now) {
    return ColumnPaths.continued(other, path, now).filter(Predicate.not(path::equals));
  }

  /**
   * Returns true if two versions name different columns so: the column of one has another name in
   * the other, which it was renamed to or from.
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
