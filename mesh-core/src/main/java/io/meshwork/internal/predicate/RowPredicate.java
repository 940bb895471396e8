package io.meshwork.internal.predicate;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Comparison;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Like;
import io.meshwork.internal.predicate.FilterNode.Membership;
import io.meshwork.internal.predicate.FilterNode.Not;
import io.meshwork.internal.predicate.FilterNode.Operator;
import io.meshwork.internal.predicate.FilterNode.Or;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ManifestEvaluator;
import org.jspecify.annotations.Nullable;

/**
 * A filter that is parsed and bound to columns: it selects matching rows and prunes files and row
 * groups. A row matches if the filter is true for it; false and unknown do not match. Immutable and
 * thread-safe.
 */
public final class RowPredicate {
  /** The length of the longest filter that a document can contain, in characters. */
  public static final int MAX_CHARACTERS = FilterParser.MAX_LENGTH - 1;

  private final FilterNode root;
  private final String text;
  private final Set<FilterColumn> columns = new LinkedHashSet<>();
  private final List<Leaf> leaves = new ArrayList<>();
  private final RowEvaluator evaluator;

  private RowPredicate(FilterNode root, String written) {
    this.root = root;
    String canonical = FilterText.of(root);
    this.text =
        canonical.codePointCount(0, canonical.length()) < limit(written) ? canonical : written;
    collect(root);
    this.evaluator = new RowEvaluator(root);
  }

  /** The length below which the canonical text can be wherever the written one can be. */
  private static int limit(String written) {
    int length = written.codePointCount(0, written.length());
    if (length >= FilterParser.MAX_LENGTH) {
      return Integer.MAX_VALUE;
    }
    return length < FilterParser.MAX_ROW_FILTER
        ? FilterParser.MAX_ROW_FILTER
        : FilterParser.MAX_LENGTH;
  }

  /**
   * Returns the names in a filter that can be top-level columns, without knowing the columns.
   *
   * @return empty if it is malformed: it may be about any column
   */
  public static Optional<Set<String>> names(String filter) {
    Set<String> names = new LinkedHashSet<>();
    try {
      FilterLexer lexer = new FilterLexer(filter);
      boolean isField = false;
      for (FilterToken token = lexer.take();
          token.kind() != FilterToken.Kind.END;
          token = lexer.take()) {
        // A word before a string is the type of a constant.
        boolean isType =
            token.kind() == FilterToken.Kind.NAME && lexer.peek().kind() == FilterToken.Kind.TEXT;
        if (token.isName() && !isField && !isType) {
          names.add(token.text());
        }
        isField = token.isSign(".");
      }
      return Optional.of(names);
    } catch (FilterParseException malformed) {
      return Optional.empty();
    }
  }

  /**
   * Checks a filter on these columns. The finding has the error code, the character counted from 1,
   * the cause, and the rule. Empty if the filter is valid.
   */
  public static Optional<Finding> fault(String filter, Schema columns) {
    return fault(filter, new ColumnLookup(columns, Set.of()));
  }

  /**
   * Checks a filter that a caller gives; also rejects constants that no symbol of an enum equals.
   * Stored filters are not checked for this.
   *
   * @param contract the contract's Avro record, which has the symbols
   */
  public static Optional<Finding> fault(
      String filter, Schema columns, org.apache.avro.Schema contract) {
    return fault(filter, new ColumnLookup(columns, Set.of(), EnumSymbols.of(columns, contract)));
  }

  private static Optional<Finding> fault(String filter, ColumnLookup columns) {
    try {
      FilterParser.parse(filter, columns);
      return Optional.empty();
    } catch (FilterParseException refused) {
      return Optional.of(refused.finding());
    }
  }

  /**
   * Parses a filter without a named action; see {@link #parse(String, Schema, Set, MeshAction)}.
   */
  public static RowPredicate parse(String filter, Schema columns) {
    return parse(filter, columns, MeshAction.of(Verb.USE, "a table"));
  }

  /**
   * Parses the filter of a request, in which partition columns may be tested for null; see {@link
   * #parse(String, Schema, Set, MeshAction)}.
   */
  public static RowPredicate parse(String filter, Schema columns, MeshAction action) {
    return parse(filter, columns, Set.of(), action);
  }

  /**
   * Parses a filter that a caller gives; also rejects constants that no symbol of an enum equals.
   * Stored filters are not checked for this; see {@link #parse(String, Schema, Set, MeshAction)}.
   *
   * @param contract the contract's Avro record, which has the symbols
   */
  public static RowPredicate parse(
      String filter, Schema columns, org.apache.avro.Schema contract, MeshAction action) {
    return parse(
        filter, new ColumnLookup(columns, Set.of(), EnumSymbols.of(columns, contract)), action);
  }

  /**
   * Parses the filter of a request, which can be a long list of values.
   *
   * @param contract the contract's Avro record, for the symbols of enums; null if they are not
   *     checked
   */
  public static RowPredicate parse(
      GivenFilter filter,
      Schema columns,
      org.apache.avro.@Nullable Schema contract,
      MeshAction action) {
    ColumnLookup lookup =
        new ColumnLookup(
            columns,
            Set.of(),
            contract == null ? EnumSymbols.NONE : EnumSymbols.of(columns, contract),
            filter.list());
    try {
      return new RowPredicate(FilterParser.parse(filter, lookup), filter.text());
    } catch (FilterParseException refused) {
      throw (filter.list() ? refused.ofList() : refused).asException(action);
    }
  }

  /**
   * Rejects a filter that is too long for the row filter of a grant, which Lake Formation limits.
   *
   * @param action what the filter is for, for the message
   * @throws io.meshwork.error.InvalidRequestException with {@code FILTER_INVALID}
   */
  public static void requireRowFilter(String filter, MeshAction action) {
    try {
      FilterParser.requireRowFilter(filter);
    } catch (FilterParseException refused) {
      throw refused.asException(action);
    }
  }

  /**
   * Parses a filter by the grammar of Meshwork's Lake Formation semantics, section 3.3. Keywords
   * and column names are case-insensitive; an exact match of a name has precedence.
   *
   * <p>The length is checked first; then errors are detected from left to right, and the first one
   * is reported. Its code ({@code TOO_LONG}, {@code SYNTAX}, {@code FUNCTION}, {@code
   * COLUMN_TO_COLUMN}, {@code UNKNOWN_COLUMN}, {@code RESERVED_COLUMN}, {@code UNSUPPORTED_TYPE},
   * {@code TYPE_MISMATCH}, {@code NULL_ON_PARTITION}, {@code NESTED_PARTITION}) is in the
   * exception's only finding.
   *
   * @param columns the columns that the filter may use; a column of type unknown accepts constants
   *     of any type
   * @param partitionColumns field IDs of columns that the filter may neither test for null nor
   *     access a field of; empty unless the filter belongs to a grant
   * @param action what the filter is for, for the message, such as "read commerce/orders"
   * @throws io.meshwork.error.InvalidRequestException with {@code FILTER_INVALID}, the character,
   *     the column and the most similar one, and the rule; never with a constant of the filter
   */
  public static RowPredicate parse(
      String filter, Schema columns, Set<Integer> partitionColumns, MeshAction action) {
    return parse(filter, new ColumnLookup(columns, partitionColumns), action);
  }

  private static RowPredicate parse(String filter, ColumnLookup columns, MeshAction action) {
    ArgumentChecks.required("filter", filter);
    try {
      return new RowPredicate(FilterParser.parse(filter, columns), filter);
    } catch (FilterParseException refused) {
      throw refused.asException(action);
    }
  }

  /**
   * Returns a filter that is true if all filters of at least one alternative are true: no row if
   * there is no alternative, every row if an alternative has no filter.
   *
   * @param alternatives filters parsed for the same columns
   */
  public static RowPredicate anyOf(List<List<RowPredicate>> alternatives) {
    FilterNode root =
        FilterTrees.or(
            alternatives.stream()
                .map(all -> FilterTrees.and(all.stream().map(each -> each.root).toList()))
                .toList());
    return new RowPredicate(root, FilterText.of(root));
  }

  /**
   * Returns a filter that is true wherever this one can be true for any values or nulls of the
   * given columns. Prunes files and row groups whose stored values of these columns differ from the
   * compared ones.
   *
   * @param fieldIds field IDs of columns, or of fields of structs
   */
  public RowPredicate relaxed(Set<Integer> fieldIds) {
    if (Collections.disjoint(fieldIds(), fieldIds)) {
      return this;
    }
    FilterNode relaxed = FilterTrees.relaxed(root, fieldIds, false);
    return new RowPredicate(relaxed, FilterText.of(relaxed));
  }

  /**
   * Returns true if this filter is a conjunction that contains every part of the other one, so that
   * it matches no row that the other excludes. Both are parsed for the same columns.
   */
  public boolean narrows(RowPredicate other) {
    return conjuncts(root).containsAll(conjuncts(other.root));
  }

  /**
   * Returns the columns of the parts of this conjunction that another filter, parsed for the same
   * columns, does not contain.
   */
  public Set<String> columnsOfOtherParts(RowPredicate other) {
    List<FilterNode> parts = new ArrayList<>(conjuncts(root));
    parts.removeAll(conjuncts(other.root));
    Set<String> names = new LinkedHashSet<>();
    parts.forEach(part -> names.addAll(new RowPredicate(part, text).columns()));
    return names;
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
      leaves.add(leaf);
    }
  }

  /**
   * Returns the text constants that a string column is compared with by {@code =}, {@code <>}, and
   * {@code IN}.
   */
  public Set<String> constants(int fieldId) {
    Set<String> constants = new LinkedHashSet<>();
    for (Leaf leaf : leaves) {
      if (leaf.column().fieldId() != fieldId) {
        continue;
      } else if (leaf instanceof Comparison comparison
          && (comparison.operator() == Operator.EQUAL
              || comparison.operator() == Operator.UNEQUAL)) {
        constants.add(comparison.literal().asBytes().text());
      } else if (leaf instanceof Membership members) {
        members.literals().forEach(literal -> constants.add(literal.asBytes().text()));
      }
    }
    return constants;
  }

  /** Returns the patterns that a string column is compared with by {@code LIKE}. */
  public Set<String> patterns(int fieldId) {
    Set<String> patterns = new LinkedHashSet<>();
    for (Leaf leaf : leaves) {
      if (leaf.column().fieldId() == fieldId && leaf instanceof Like like) {
        patterns.add(like.pattern());
      }
    }
    return patterns;
  }

  /**
   * Returns the same filter with the column names of another schema.
   *
   * @param schema contains every column of the filter, matched by field ID
   */
  public RowPredicate in(Schema schema) {
    FilterNode renamed =
        FilterTrees.renamed(
            root,
            column ->
                new FilterColumn(
                    column.fieldId(),
                    List.of(schema.findColumnName(column.fieldId()).split("\\.", -1)),
                    column.type()));
    return new RowPredicate(renamed, FilterText.of(renamed));
  }

  /** Returns the distinct names of the columns used, dotted within structs, from left to right. */
  public List<String> columns() {
    return columns.stream().map(FilterColumn::name).toList();
  }

  /** Returns the field IDs of the columns used; within a struct, the ID of the leaf. */
  public Set<Integer> fieldIds() {
    return columns.stream()
        .map(FilterColumn::fieldId)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(LinkedHashSet::new), Collections::unmodifiableSet));
  }

  /**
   * Returns the filter in canonical form: keywords in upper case, names in the schema's spelling,
   * sets sorted. Parses to an equal filter. If that form exceeds the length limit, returns the
   * filter as written. Contains the filter's constants: not for logs or messages.
   */
  public String text() {
    return text;
  }

  /** Returns what the filter is about, such as {@code email IN (2 values)}; no constants. */
  public String withoutConstants() {
    if (root instanceof Membership members) {
      int values = members.literals().size();
      return members.column().name() + " IN (" + values + (values == 1 ? " value)" : " values)");
    }
    return toString();
  }

  /**
   * Returns the rows for which the filter is true.
   *
   * @param batch rows with all columns of the filter, found by field ID, in structs too
   * @throws IllegalArgumentException if a column is missing or its type differs from the filter's
   */
  public RowMask matches(VectorBatch batch) {
    return evaluator.matches(batch);
  }

  /**
   * Returns an expression that is true for every matching row, and possibly for others. Prunes
   * files with Iceberg's own evaluators, bound to the names of the schema that the filter was
   * parsed for. Not suitable to select rows or partitions: see {@link #mayMatch(ManifestFile,
   * PartitionSpec)}.
   */
  public Expression toIceberg() {
    return IcebergPruning.of(root, false);
  }

  /**
   * Returns false only if the partition summaries of a manifest prove that no row matches.
   *
   * @param spec the partition spec of the manifest's files
   */
  public boolean mayMatch(ManifestFile manifest, PartitionSpec spec) {
    Expression filter = relaxed(ManifestPruning.unordered(root, manifest, spec)).toIceberg();
    return ManifestEvaluator.forRowFilter(filter, spec, true).eval(manifest);
  }

  /** Returns false only if the file's counts and bounds prove that no row matches. */
  public boolean mayMatch(ContentFile<?> file) {
    return (answers(new FileFacts(file)) & BoundsEvaluator.TRUE) != 0;
  }

  /**
   * Returns false only if the footer proves that no row of the group matches.
   *
   * @param file the file's own schema, by which columns are found in the footer
   * @param match how columns of the filter are matched with the file's
   */
  public boolean mayMatch(FooterRowGroup group, Schema file, ColumnMatch match) {
    return (answers(new GroupFacts(group, file, match)) & BoundsEvaluator.TRUE) != 0;
  }

  /**
   * Returns false only if bloom filters prove that no row of a group matches. Reads them from the
   * file if the filter compares a column that has one for equality.
   *
   * @param file has field IDs, by which columns are found
   * @param group index among the file's non-empty row groups, from 0
   */
  public boolean mayMatch(ParquetReader file, int group) {
    return new BloomFilterEvaluator(file, group).mayMatch(root);
  }

  /**
   * Returns true only if the file's counts and bounds prove that every row matches: returns false
   * if a null that makes the result unknown, a NaN, or a missing count is possible. Ignores delete
   * files.
   */
  public boolean certainlyMatchesAll(ContentFile<?> file) {
    return answers(new FileFacts(file)) == BoundsEvaluator.TRUE;
  }

  private int answers(ColumnFacts.Source facts) {
    return new BoundsEvaluator(facts).answers(root);
  }

  /** Compares filters by structure, ignoring case, white space, and parentheses. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowPredicate predicate && root.equals(predicate.root);
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }

  /** Returns the columns used, without the constants. */
  @Override
  public String toString() {
    return "a filter on " + columns();
  }
}
