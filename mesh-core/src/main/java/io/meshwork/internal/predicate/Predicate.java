package io.meshwork.internal.predicate;

import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.FooterRowGroup;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Not;
import io.meshwork.internal.predicate.FilterNode.Or;
import io.meshwork.internal.runtime.Arguments;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.jspecify.annotations.Nullable;

/**
 * A filter over rows, read once and bound to columns: which rows match, and which files and row
 * groups cannot hold any. A row matches if the answer is true; neither false nor unknown will do.
 * Immutable and thread-safe.
 */
public final class Predicate {
  private final FilterNode root;
  private final String text;
  private final Set<FilterColumn> columns = new LinkedHashSet<>();
  private final RowEvaluator evaluator;

  private Predicate(FilterNode root, String written) {
    this.root = root;
    String canonical = FilterText.of(root);
    this.text =
        canonical.codePointCount(0, canonical.length()) < FilterParser.MAX_LENGTH
            ? canonical
            : written;
    collect(root);
    this.evaluator = new RowEvaluator(root);
  }

  /**
   * What is wrong with a filter on these columns: its code, the character counted from 1 and why,
   * in half a sentence, and what a filter may be. Empty if it is one.
   */
  public static Optional<Finding> fault(String filter, Schema columns) {
    try {
      FilterParser.parse(filter, new ColumnLookup(columns, Set.of()));
      return Optional.empty();
    } catch (FilterRefusal refused) {
      return Optional.of(refused.finding());
    }
  }

  /**
   * Reads a filter of no request in particular; see {@link #parse(String, Schema, Set, String)}.
   */
  public static Predicate parse(String filter, Schema columns) {
    return parse(filter, columns, "use a table");
  }

  /**
   * Reads the filter of a request, which may ask partition columns for null; see {@link
   * #parse(String, Schema, Set, String)}.
   */
  public static Predicate parse(String filter, Schema columns, String doing) {
    return parse(filter, columns, Set.of(), doing);
  }

  /**
   * Reads a filter by the grammar of our Lake Formation semantics, section 3.3. Keywords and names
   * of columns are found without case, names in the schema's spelling first.
   *
   * <p>Faults are looked for from left to right, length first, and the first one is told: its code
   * ({@code TOO_LONG}, {@code SYNTAX}, {@code FUNCTION}, {@code COLUMN_TO_COLUMN}, {@code
   * UNKNOWN_COLUMN}, {@code RESERVED_COLUMN}, {@code UNSUPPORTED_TYPE}, {@code TYPE_MISMATCH},
   * {@code NULL_ON_PARTITION}, {@code NESTED_PARTITION}) is that of the exception's only finding.
   *
   * @param columns what the filter may ask; a column of type unknown takes constants of any type
   * @param partitionColumns field ids of columns that may not be asked for null nor for a field;
   *     none but for filters that belong to rights
   * @param doing what the filter is for, for the message, such as "read commerce/orders"
   * @throws io.meshwork.error.InvalidRequestException with {@code FILTER_INVALID}, the character,
   *     the column and the nearest one, and what is allowed; never with a constant of the filter
   */
  public static Predicate parse(
      String filter, Schema columns, Set<Integer> partitionColumns, String doing) {
    Arguments.given("filter", filter);
    try {
      return new Predicate(
          FilterParser.parse(filter, new ColumnLookup(columns, partitionColumns)), filter);
    } catch (FilterRefusal refused) {
      throw refused.told(doing);
    }
  }

  /**
   * True where all filters of one of the alternatives are: no row if there is no alternative, and
   * every row if one of them has no filter.
   *
   * @param alternatives filters that were read for the same columns
   */
  public static Predicate anyOf(List<List<Predicate>> alternatives) {
    FilterNode root =
        FilterTrees.or(
            alternatives.stream()
                .map(all -> FilterTrees.and(all.stream().map(each -> each.root).toList()))
                .toList());
    return new Predicate(root, FilterText.of(root));
  }

  /**
   * A filter that is true wherever this one may be, whatever values, or nulls, some columns have:
   * to leave out files and row groups where what is stored in these columns is not what is
   * compared.
   *
   * @param fieldIds of columns, or of fields of structs
   */
  public Predicate whatever(Set<Integer> fieldIds) {
    if (Collections.disjoint(fieldIds(), fieldIds)) {
      return this;
    }
    FilterNode loose = FilterTrees.whatever(root, fieldIds, false);
    return new Predicate(loose, FilterText.of(loose));
  }

  /**
   * True if this filter is the other one and maybe more, all of it joined by AND: then no row
   * matches that the other leaves out. Both were read for the same columns.
   */
  public boolean narrows(Predicate other) {
    return conjuncts(root).containsAll(conjuncts(other.root));
  }

  private static List<FilterNode> conjuncts(FilterNode node) {
    return node instanceof And and ? and.parts() : List.of(node);
  }

  private void collect(FilterNode node) {
    if (node instanceof And and) {
      and.parts().forEach(this::collect);
    } else if (node instanceof Or or) {
      or.parts().forEach(this::collect);
    } else if (node instanceof Not not) {
      collect(not.part());
    } else if (node instanceof Leaf leaf) {
      columns.add(leaf.column());
    }
  }

  /** Names of the columns asked, with dots within structs, each once, from left to right. */
  public List<String> columns() {
    return columns.stream().map(FilterColumn::name).toList();
  }

  /** Field ids of the columns asked; of the leaf where it lies in a struct. */
  public Set<Integer> fieldIds() {
    return columns.stream()
        .map(FilterColumn::fieldId)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(LinkedHashSet::new), Collections::unmodifiableSet));
  }

  /**
   * The filter in a canonical form: keywords in capitals, names in the schema's spelling, sets
   * sorted. Parses to an equal filter. Only where that form passes the length limit, it is the
   * filter as it was written. Holds the filter's constants: not for logs or messages.
   */
  public String text() {
    return text;
  }

  /**
   * The rows for which the filter is true.
   *
   * @param batch rows with all columns of the filter, found by field id, in structs too
   * @throws IllegalArgumentException if a column is missing or has another type than the filter's
   */
  public RowMask matches(VectorBatch batch) {
    return evaluator.matches(batch);
  }

  /**
   * An expression that holds for every row that matches, and maybe for more: to leave out
   * manifests, partitions and files by Iceberg's own evaluators, bound with names as in the schema
   * that the filter was read for. Not to choose rows.
   */
  public Expression toIceberg() {
    return IcebergPruning.of(root, false);
  }

  /** False only if the file's counts and bounds prove that none of its rows matches. */
  public boolean mayMatch(ContentFile<?> file) {
    return (answers(new FileFacts(file)) & BoundsJudge.TRUE) != 0;
  }

  /**
   * False only if the footer proves that no row of the group matches.
   *
   * @param file the file's own schema, by which columns are found in the footer
   * @param match how columns of the filter find those of the file
   */
  public boolean mayMatch(FooterRowGroup group, Schema file, ColumnMatch match) {
    return (answers(new GroupFacts(group, file, match)) & BoundsJudge.TRUE) != 0;
  }

  /**
   * False only if bloom filters prove that no row of a group matches. They are read from the file,
   * if the filter asks a column for equality that has one.
   *
   * @param file has field ids, by which columns are found
   * @param group its place in the file, from 0
   */
  public boolean mayMatch(ParquetReader file, int group) {
    return new BloomJudge(file, group).mayMatch(root);
  }

  /**
   * True only if the file's counts and bounds prove that every row matches: a null anywhere that
   * would make the answer unknown, a NaN, or a count that is missing is enough to say false. Rows
   * that delete files take away are not looked at.
   */
  public boolean certainlyMatchesAll(ContentFile<?> file) {
    return answers(new FileFacts(file)) == BoundsJudge.TRUE;
  }

  private int answers(ColumnFacts.Source facts) {
    return new BoundsJudge(facts).answers(root);
  }

  /** True for a filter that is written the same way, apart from case, blanks and parentheses. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Predicate predicate && root.equals(predicate.root);
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }

  /** The columns asked, without the constants. */
  @Override
  public String toString() {
    return "a filter on " + columns();
  }
}
