package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator.Readable;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.GranteeGrants;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.PrincipalIdentity;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds all tables that a principal may read. Each grant leads to the tables that it names or may
 * match, and only these are evaluated. Access always begins with a grant to the principal or to a
 * grantee that it acts as, the creation of the table, or control by IAM; what is shared with its
 * account requires one of these in addition.
 */
final class ReadableTables {
  private ReadableTables() {}

  static List<Readable> of(AccessIndex index, Grantee principal, Instant at) {
    Set<TableNode> candidates = new LinkedHashSet<>(index.tables().createdBy(principal.id()));
    PrincipalIdentity identity = index.identity(principal);
    for (PrincipalIdentity.ActingGrantee acting : identity.actingGrantees()) {
      for (Map.Entry<String, GranteeGrants> held : acting.held().entrySet()) {
        collect(index, held.getKey(), held.getValue(), candidates);
      }
    }
    GranteeGrants open = index.grants().controlledByIam().get(identity.home());
    if (open != null) {
      open.collectNamedTables(candidates);
    }
    if (identity.isAdmin()) {
      candidates.addAll(index.tables().createdFrom(identity.home()));
    }
    List<Readable> readable = new ArrayList<>();
    for (TableNode table : candidates) {
      Resource.Table resource = table.resource();
      AccessQuestion question = AccessQuestion.of(principal, Permission.SELECT, resource, at);
      AccessDecision decision = new DecisionEvaluator(index, question).decideOn(table);
      if (decision.allowed()) {
        readable.add(new Readable(resource, decision));
      }
    }
    readable.sort(
        Comparator.<Readable, String>comparing(each -> each.table().account())
            .thenComparing(each -> each.table().in())
            .thenComparing(each -> each.table().name()));
    return readable;
  }

  private static void collect(
      AccessIndex index, String owner, GranteeGrants held, Set<TableNode> candidates) {
    held.collectNamedTables(candidates);
    for (IndexedGrant policy : held.tablePolicies()) {
      TagExpression expression = policy.expression();
      if (expression != null) {
        candidates.addAll(index.tables().candidates(owner, expression));
      }
    }
  }
}
