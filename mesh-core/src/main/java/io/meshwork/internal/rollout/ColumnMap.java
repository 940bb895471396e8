package io.meshwork.internal.rollout;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog.RecordedContract;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Schema;

/**
 * Maps rows between two major versions by their contracts: same names, declared renamings, widened
 * types, and defaults. A direction that is total needs no mapping by the producer. Immutable.
 */
public final class ColumnMap {
  private final List<ColumnPair> columns;
  private final Map<Direction, List<Finding>> gaps = new EnumMap<>(Direction.class);

  private ColumnMap(List<ColumnPair> columns) {
    this.columns = columns;
    for (Direction direction : Direction.values()) {
      gaps.put(direction, new ColumnGaps(direction).of(columns));
    }
  }

  /** From which version to which. */
  public enum Direction {
    /** From the older major version to the newer one. */
    TO_NEWER,
    /** From the newer major version to the older one. */
    TO_OLDER
  }

  /**
   * Compares two contracts.
   *
   * @param renamings the new paths of renamed columns by their old paths, such as {@code
   *     lines[].qty} by {@code lines[].quantity}; an alias in the newer contract is a renaming, too
   * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT if a renaming names a column
   *     that does not exist, or moves it to another record
   */
  public static ColumnMap of(Contract older, Contract newer, Map<String, String> renamings) {
    ColumnRenamings declared = new ColumnRenamings(renamings);
    List<ColumnPair> columns = ColumnPair.fields("", older.schema(), "", newer.schema(), declared);
    declared.requireAllApplied();
    return new ColumnMap(columns);
  }

  /**
   * Compares two major versions that exist. A column that continues another under a new name has
   * its field ID.
   *
   * @param olderTable the columns of the older table
   * @param newerTable the columns of the newer table
   */
  public static ColumnMap of(Contract older, Schema olderTable, Contract newer, Schema newerTable) {
    return of(older, newer, ColumnPaths.renamings(olderTable, newerTable));
  }

  /** Returns true if every row of one version has exactly one row of the other. */
  public boolean isTotal(Direction direction) {
    return gaps(direction).isEmpty();
  }

  /** Returns the columns of the target that cannot be derived, and why; empty if it is total. */
  public List<Finding> gaps(Direction direction) {
    return gaps.getOrDefault(direction, List.of());
  }

  /** Returns the columns of the target that the source has too, with all their parts. */
  public Schema common(Direction direction, Schema target) {
    List<String> names = new ArrayList<>();
    for (ColumnPair pair : columns) {
      ColumnPair.Side side = pair.target(direction);
      if (side != null && pair.source(direction) != null) {
        names.add(side.path());
      }
    }
    return target.select(names);
  }

  /**
   * Returns the conversion of batches. It converts columns as a whole; unchanged columns share
   * their vectors with the source.
   *
   * @param source the table columns of the batches to convert
   * @param target the table columns of the results
   * @throws IllegalStateException if the direction is not total
   */
  public UnaryOperator<VectorBatch> conversion(Direction direction, Schema source, Schema target) {
    if (!isTotal(direction)) {
      throw new IllegalStateException("no conversion exists: " + gaps(direction));
    }
    return BatchConversion.of(columns, direction, source, target);
  }

  /**
   * The names in one version of a product of columns that its other versions name otherwise. A
   * column that continues another one has its field ID. Immutable.
   */
  public static final class NewNames {
    private final Optional<Schema> now;
    private final List<Schema> others;

    private NewNames(Optional<Schema> now, List<Schema> others) {
      this.now = now;
      this.others = others;
    }

    /**
     * Reads the contracts that the caller sees, which only a failure is worth.
     *
     * @param version the version in which columns are looked for
     */
    public static NewNames of(ClientSession session, ProductName product, ContractVersion version) {
      List<RecordedContract> nearest = new ArrayList<>(session.catalog().contracts(product));
      Collections.reverse(nearest);
      nearest.sort(Comparator.comparing(other -> other.version().compareTo(version) > 0));
      return new NewNames(
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
    public static NewNames in(
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
}
