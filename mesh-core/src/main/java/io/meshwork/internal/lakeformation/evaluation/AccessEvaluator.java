package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessEdit;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.RowFilterRules;
import io.meshwork.internal.lakeformation.index.TableNode;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Evaluates one {@link AccessState}, which is indexed once: what principals may do, who may grant
 * and tag, and what principals can list and read. Immutable and thread-safe. No I/O, no clock.
 */
public final class AccessEvaluator {
  private final AccessIndex index;

  private AccessEvaluator(AccessIndex index) {
    this.index = index;
  }

  /** Returns an evaluator of a state. Takes time proportional to the size of the state. */
  public static AccessEvaluator over(AccessState state) {
    return new AccessEvaluator(new AccessIndex(ArgumentChecks.required("state", state)));
  }

  /** Returns the evaluated state. */
  public AccessState state() {
    return index.state();
  }

  /** Returns an evaluator of the state after some edits. */
  public AccessEvaluator after(List<AccessEdit> edits) {
    return over(state().after(edits));
  }

  /** Returns the decision on a question. A question about a missing resource is denied. */
  public AccessDecision decide(AccessQuestion question) {
    return new DecisionEvaluator(index, ArgumentChecks.required("question", question)).decide();
  }

  /** A table that a principal may read. */
  public record Readable(Resource.Table table, AccessDecision decision) {}

  /**
   * Returns every table that a principal may SELECT from, sorted by account, database and name, in
   * one pass over the grants that may apply. Tables are named by their owner, not by links.
   */
  public List<Readable> listReadable(Grantee principal, Instant at) {
    return ReadableTables.of(index, principal, at);
  }

  /**
   * The names that a catalog lists for a principal. IAM is not evaluated.
   *
   * @param names sorted; empty if denied
   * @param missing {@code LINK_DESCRIBE} if the database is a link without DESCRIBE
   */
  public record ListedNames(List<String> names, List<AccessDecision.Denial> missing) {
    public ListedNames {
      names = List.copyOf(names);
      missing = List.copyOf(missing);
    }
  }

  /** Returns the tables and table links that a principal sees in a database or through a link. */
  public ListedNames listTables(Grantee principal, Resource.Database in, Instant at) {
    return CatalogListing.tables(index, principal, in, at);
  }

  /** Returns the databases and database links that a principal sees in a catalog. */
  public ListedNames listDatabases(Grantee principal, String account, Instant at) {
    return CatalogListing.databases(index, principal, account, at);
  }

  /**
   * Returns the tags of a database, a table or one column ({@link Resource.Columns} with one name),
   * inherited ones included, in lower case. Empty for missing resources.
   */
  public SortedMap<String, String> effectiveTags(Resource on) {
    return index.effectiveTags(on);
  }

  /**
   * Returns the code of the rule by which a principal may not make a grant at a time; empty if it
   * may.
   */
  public Optional<FindingCode> mayGrant(Grantee actor, Grant grant, Instant at) {
    return new GrantRules(index, actor, grant, at).evaluate();
  }

  /**
   * Returns the columns that the row condition of a grant in a recipient account reveals although
   * the account may not read them; empty for other grants.
   *
   * @param actor a principal of that account
   */
  public List<String> hiddenColumns(Grantee actor, Grant grant, Instant at) {
    Resource on = grant.on();
    TableNode table =
        on instanceof Resource.FilteredTable filtered
            ? index.table(filtered.account(), filtered.in(), filtered.of())
            : null;
    return table == null || grant.grantor().equals(on.account())
        ? List.of()
        : DelegatedCondition.hiddenColumns(
            new EvaluationContext(index, actor, on.account(), at), table, on);
  }

  /**
   * Returns the code of the rule by which a principal may not set tags on a database, a table or
   * one column; empty if it may.
   *
   * @param tags the values by key; one value for each key
   * @param tagAccount the account that defines the tags; empty for the account of the resource
   */
  public Optional<FindingCode> mayTag(
      Grantee actor,
      Resource on,
      Map<String, List<String>> tags,
      Optional<String> tagAccount,
      Instant at) {
    return new TagRules(index, actor, on, at).evaluate(tags, tagAccount);
  }

  /**
   * Returns the code of the rule by which a condition cannot filter the rows of a table; empty if
   * it can.
   */
  public Optional<FindingCode> mayFilter(Resource.Table table, String rows) {
    return RowFilterRules.evaluate(index, table, rows);
  }
}
